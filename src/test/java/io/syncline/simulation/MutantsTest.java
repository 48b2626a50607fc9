package io.syncline.simulation;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who watches the promises: every deliberate mistake breaks one of them within the first stories, or the promises have a hole. */
class MutantsTest {
    private static final int SEEDS = 30_000;

    @Test
    void everyMutantIsKilled() {
        Map<Mutant, String> killed = new EnumMap<>(Mutant.class);
        Arrays.stream(Mutant.values()).parallel().filter(MutantsTest::isToBeKilled).forEach(mutant -> {
            String how = killer(mutant);
            synchronized (killed) {
                killed.put(mutant, how);
            }
        });
        killed.forEach((mutant, how) -> System.out.printf("%-52s %s%n", mutant, how));
        assertThat(killed).doesNotContainValue("survives").hasSize((int) Arrays.stream(Mutant.values()).filter(MutantsTest::isToBeKilled).count());
    }

    /** Those that heal are for {@link SameStoriesTest}. */
    private static boolean isToBeKilled(Mutant mutant) {
        return mutant != Mutant.NONE && !mutant.heals();
    }

    private static String killer(Mutant mutant) {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                Story.of(seed, mutant.isOfTwoWriters(), mutant, false).tell();
            } catch (Broken broken) {
                return "seed " + seed + ": " + broken.getMessage();
            }
        }
        return "survives";
    }
}
