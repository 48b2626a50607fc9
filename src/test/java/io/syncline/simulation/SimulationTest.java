package io.syncline.simulation;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stories of observing, deciding, planning and publishing in memory, each told by its seed and held against the promises.
 * {@code -Dsyncline.seeds=3000000} tells more of them; {@code -Dsyncline.seed=4711} tells one, step by step.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("syncline.seeds", 100_000);

    @Test
    void everyPromiseIsKeptInEveryStory() {
        Long only = Long.getLong("syncline.seed");
        if (only != null) {
            tellAloud(only);
            return;
        }
        AtomicLong told = new AtomicLong();
        LongStream.range(0, SEEDS).parallel().forEach(seed -> {
            tell(seed);
            told.incrementAndGet();
        });
        assertThat(told.get()).isEqualTo(SEEDS);
    }

    private static void tell(long seed) {
        try {
            Story.of(seed, Mutant.NONE, false).tell();
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
    }

    private static void tellAloud(long seed) {
        Story story = Story.of(seed, Mutant.NONE, true);
        try {
            story.tell();
        } finally {
            story.trace.lines().forEach(System.out::println);
        }
    }
}
