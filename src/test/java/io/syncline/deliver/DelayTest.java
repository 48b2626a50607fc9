package io.syncline.deliver;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Promise 24: what could not be sent waits longer each time, up to a limit, and not all of it comes back at once. */
class DelayTest {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration MOST = Duration.ofMinutes(15);

    @Test
    void eachAttemptWaitsTwiceAsLongUpToTheLimit() {
        Delay delay = new Delay(FIRST, MOST);
        for (int attempt = 1; attempt <= 40; attempt++) {
            long longest = attempt > 20 ? MOST.toMillis() : Math.min(MOST.toMillis(), FIRST.toMillis() << attempt - 1);
            assertThat(delay.after(attempt)).as("attempt %d", attempt).isBetween(Duration.ofMillis(longest / 2), Duration.ofMillis(longest));
        }
        assertThat(delay.after(0)).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void manyThatFailAtOnceDoNotComeBackAtOnce() {
        Delay delay = new Delay(FIRST, MOST);
        assertThat(IntStream.range(0, 100).mapToObj(n -> delay.after(5)).distinct()).hasSizeGreaterThan(20);
    }

    @Test
    void waitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Delay(Duration.ZERO, MOST)).hasMessageContaining("syncline.push");
        assertThatThrownBy(() -> new Delay(MOST, FIRST)).hasMessageContaining("syncline.push");
    }
}
