package io.syncline.simulation;

import io.syncline.store.PostgresHub;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stories of the simulation on real PostgreSQL, step by step beside the store in memory: what the promises are held against there is what the statements
 * do here. {@code -Dsyncline.twins=1000} tells more of them; {@code -Dsyncline.twin=4711} tells one, step by step.
 */
class SameStoriesTest {
    private static final long SEEDS = Long.getLong("syncline.twins", 200);

    @Test
    void theStoreInMemoryIsTheRealOne() {
        PostgresHub.Database database = new PostgresHub.Database(Setting.drawn(new Dice(0)).sync());
        Long only = Long.getLong("syncline.twin");
        if (only != null) {
            tell(database, only).trace.lines().forEach(System.out::println);
            return;
        }
        AtomicLong publishes = new AtomicLong();
        LongStream.range(0, SEEDS).parallel().forEach(seed -> publishes.addAndGet(((TwinHub) tell(database, seed).hub).publishes()));
        assertThat(publishes.get()).isGreaterThan(SEEDS * 5);
    }

    private static Story tell(PostgresHub.Database database, long seed) {
        Story story = Story.of(seed, (setting, clock) -> new TwinHub(new MemoryHub(setting, clock, Mutant.NONE), database.hub(setting.sync(), "story " + seed)));
        try {
            story.tell();
            story.hub.told();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(String.join("\n", story.trace.lines()) + "\nseed " + seed + ": " + e.getMessage(), e);
        }
        return story;
    }
}
