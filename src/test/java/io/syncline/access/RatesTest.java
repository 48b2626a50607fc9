package io.syncline.access;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class RatesTest {
    private final AtomicLong now = new AtomicLong(1_000_000_000L);
    private final Rates rates = new Rates(new AccessSettings.Rate(10, 20), now::get);
    private final Caller ann = new Caller("ann", "acme", Role.VIEWER);
    private final Caller bob = new Caller("bob", "acme", Role.VIEWER);

    @Test
    void aBurstIsTakenThenAsManyAsAreAllowedAndOthersAreNotHindered() {
        for (int times = 0; times < 20; times++) {
            assertThat(rates.take(ann)).isZero();
        }
        assertThat(rates.take(ann)).isEqualTo(Duration.ofMillis(100));
        assertThat(rates.take(new Caller("ann", "globex", Role.VIEWER))).isZero();
        assertThat(rates.take(bob)).isZero();
        assertThat(rates.take("10.0.0.1")).isZero();
        int taken = 0;
        for (int times = 0; times < 1000; times++) {
            now.addAndGet(10_000_000L);
            taken += rates.take(ann).isZero() ? 1 : 0;
        }
        assertThat(taken).isBetween(99, 101);
    }

    @Test
    void aRestFillsTheBucketAndNotMore() {
        for (int round = 0; round < 3; round++) {
            now.addAndGet(Duration.ofHours(1).toNanos());
            int taken = 0;
            while (rates.take(ann).isZero()) {
                taken++;
            }
            assertThat(taken).isEqualTo(20);
        }
    }

    @Test
    void aFloodOfAddressesIsForgottenAndTakesNothingFromCallers() {
        while (rates.take(ann).isZero()) {
            assertThat(rates.take(bob)).isZero();
        }
        for (int address = 0; address < 200_000; address++) {
            assertThat(rates.take("address " + address)).isZero();
        }
        assertThat(rates.take(ann)).isPositive();
        assertThat(rates.remembered()).isLessThanOrEqualTo(20_000);
    }

    @Test
    void zeroTakesAnyNumber() {
        Rates none = new Rates(new AccessSettings.Rate(0, 1), now::get);
        for (int times = 0; times < 1000; times++) {
            assertThat(none.take(ann)).isZero();
        }
    }
}
