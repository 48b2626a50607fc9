package io.syncline.run;

import java.time.Duration;
import java.util.Optional;

/** Where runs are asked for and looked up. */
public interface Runs {
    /**
     * Stores the request and starts the run; answers at once.
     *
     * @throws AnotherRunIsActive when a different one is active
     * @throws UnknownTarget      when there is nothing to run
     */
    Ticket request(RunRequest request);

    /** The run as it stands, as JSON for people and programs; empty when the organisation has no such run. */
    Optional<String> report(String organisation, long run);

    /**
     * Asks for a run's end before its publish: one that waits to begin ends at once, one under way at its next page.
     *
     * @return false when the organisation has no such run
     * @throws CannotBeCancelled when it has ended, or is being published
     */
    boolean cancel(String organisation, long run, String by);

    /** Waits until the run has ended, at most so long; true when it has. */
    boolean awaitEnd(long run, Duration atMost);

    /**
     * Waits until the run has ended and reads its report.
     *
     * @return empty when it has not ended by then, or the organisation has no such run
     */
    default Optional<String> awaitReport(String organisation, long run, Duration atMost) {
        return awaitEnd(run, atMost) ? report(organisation, run) : Optional.empty();
    }
}
