package io.syncline.killrig;

import java.util.List;

/**
 * One kill and what came of it.
 *
 * @param caught   what the process was about to do, or had just done
 * @param standing how the run stood when its process was dead
 * @param again    pages that had to be asked for twice
 */
record Toll(KillPoint point, String caught, Standing standing, List<String> again, long millis) {
    enum Standing {
        /** Nothing of it was durable yet, so nothing of it goes on. */
        NEVER_BEGUN("not begun yet"),
        UNFINISHED("taken over"),
        ENDED("had ended");

        private final String word;

        Standing(String word) {
            this.word = word;
        }
    }

    @Override
    public String toString() {
        return String.format("%-34s %-13s again: %-46s %5d ms  %s", point, standing.word, again.isEmpty() ? "none" : String.join(" ", again), millis, caught);
    }
}
