package io.syncline.simulation;

import io.syncline.config.SyncConfig;
import io.syncline.store.PostgresHub;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The stories of the simulation on real PostgreSQL, step by step beside the store in memory: what the promises are held against there is what the statements
 * do here. {@code -Dsyncline.twins=1000} and {@code -Dsyncline.twoWayTwins=300} tell more of them; {@code -Dsyncline.twin=4711} tells one of either, step by
 * step.
 */
class SameStoriesTest {
    private static final long SEEDS = Long.getLong("syncline.twins", 200);

    private static final long TWO_WAY_SEEDS = Long.getLong("syncline.twoWayTwins", 25);

    private final PostgresHub.Database database = new PostgresHub.Database(Setting.drawn(new Dice(0), false).sync());
    private final PostgresHub.Database written = new PostgresHub.Database(writtenWithEverything());

    /** The tables' triggers let everything be edited that some of the stories can send. */
    private static SyncConfig writtenWithEverything() {
        return LongStream.iterate(0, seed -> seed + 1).mapToObj(seed -> Setting.drawn(new Dice(seed), true)).filter(Setting::tombstones).findFirst()
                .orElseThrow().sync();
    }

    @AfterEach
    void close() {
        database.close();
        written.close();
    }

    @Test
    void theStoreInMemoryIsTheRealOne() {
        Long only = Long.getLong("syncline.twin");
        if (only != null) {
            tell(only, false, Mutant.NONE).trace.lines().forEach(System.out::println);
            return;
        }
        areTheSame(SEEDS, false);
    }

    @Test
    void theOutboxInMemoryIsTheRealOne() {
        Long only = Long.getLong("syncline.twin");
        if (only != null) {
            tell(only, true, Mutant.NONE).trace.lines().forEach(System.out::println);
            return;
        }
        areTheSame(TWO_WAY_SEEDS, true);
    }

    private void areTheSame(long seeds, boolean twoWay) {
        AtomicLong publishes = new AtomicLong();
        LongStream.range(0, seeds).parallel().forEach(seed -> publishes.addAndGet(((TwinHub) tell(seed, twoWay, Mutant.NONE).hub).publishes()));
        assertThat(publishes.get()).isGreaterThan(seeds * 5);
    }

    /** What no promise sees because the next read mends it, and what every story would show. */
    @ParameterizedTest
    @EnumSource(value = Mutant.class, names = {"THE_FIRST_SHOWING_STANDS", "WHAT_CAME_BESIDE_THE_RUN_IS_ABSENT", "A_LONG_RUN_BESIDE_IS_NOT_MINDED",
            "HISTORY_IS_NOT_KEPT", "WHAT_IS_UNDER_WAY_IS_JUDGED", "EACH_ATTEMPT_HAS_A_KEY_OF_ITS_OWN", "A_CLAIM_HAS_NO_FENCE"})
    void aMistakeInOneOfThemIsSeen(Mutant mutant) {
        assertThatThrownBy(() -> LongStream.range(0, SEEDS).forEach(seed -> tell(seed, mutant.isOfTwoWriters(), mutant))).isInstanceOf(AssertionError.class)
                .hasMessageContaining("the store in memory");
    }

    private Story tell(long seed, boolean twoWay, Mutant mutant) {
        Story story = Story.of(seed, twoWay, (setting, clock) -> new TwinHub(new MemoryHub(setting, clock, mutant),
                (twoWay ? written : database).hub(setting.sync(), mutant + " " + seed)));
        try {
            story.tell();
            story.hub.told();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(String.join("\n", story.trace.lines()) + "\nseed " + seed + ": " + e.getMessage(), e);
        }
        return story;
    }
}
