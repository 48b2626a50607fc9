package io.syncline.simulation;

import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

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
        LongStream.range(0, SEEDS).parallel().mapToObj(SimulationTest::broken).filter(Objects::nonNull).findAny().ifPresent(seed -> {
            tellAloud(seed);
            throw new AssertionError("seed " + seed + " broke no promise when it was told again");
        });
    }

    /** @return the seed, where its story breaks a promise */
    private static Long broken(long seed) {
        try {
            Story.of(seed, Mutant.NONE, false).tell();
            return null;
        } catch (RuntimeException e) {
            return seed;
        }
    }

    private static void tellAloud(long seed) {
        Story story = Story.of(seed, Mutant.NONE, true);
        try {
            story.tell();
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        } finally {
            story.trace.lines().forEach(System.out::println);
        }
    }
}
