package io.syncline.run;

/** This process has nothing more to do with a run: it has ended, or was left for another process to take over. It may be said more than once of a run. */
public record RunEnded(long run) {
}
