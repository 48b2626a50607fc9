package io.syncline.simulation;

import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Stories of observing, deciding, planning and publishing in memory, each told by its seed and held against the promises: of a source that is only read, and
 * of one that is written, too. {@code -Dsyncline.seeds=3000000} and {@code -Dsyncline.twoWaySeeds=100000} tell more of them; {@code -Dsyncline.seed=4711} tells
 * one of either, step by step.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("syncline.seeds", 100_000);
    private static final long TWO_WAY_SEEDS = Long.getLong("syncline.twoWaySeeds", 3_000);

    @Test
    void everyPromiseIsKeptInEveryStory() {
        areTold(SEEDS, false);
    }

    @Test
    void everyPromiseIsKeptWhereBothSidesWrite() {
        areTold(TWO_WAY_SEEDS, true);
    }

    private static void areTold(long seeds, boolean twoWay) {
        Long only = Long.getLong("syncline.seed");
        if (only != null) {
            tellAloud(only, twoWay);
            return;
        }
        LongStream.range(0, seeds).parallel().mapToObj(seed -> broken(seed, twoWay)).filter(Objects::nonNull).findAny().ifPresent(seed -> {
            tellAloud(seed, twoWay);
            throw new AssertionError("seed " + seed + " broke no promise when it was told again");
        });
    }

    /** @return the seed, where its story breaks a promise */
    private static Long broken(long seed, boolean twoWay) {
        try {
            Story.of(seed, twoWay, Mutant.NONE, false).tell();
            return null;
        } catch (RuntimeException e) {
            return seed;
        }
    }

    private static void tellAloud(long seed, boolean twoWay) {
        Story story = Story.of(seed, twoWay, Mutant.NONE, true);
        try {
            story.tell();
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        } finally {
            story.trace.lines().forEach(System.out::println);
        }
    }
}
