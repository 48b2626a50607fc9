package io.syncline.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How a run stands at a moment.
 *
 * @param failure why it ended without what it was for, or null
 */
public record LiveRun(long run, String organisation, String mode, String state, boolean hasEnded, Instant startedAt, String failure, List<Part> parts) {

    /**
     * One entity of it.
     *
     * @param total   how many records the source said that there are; null where it does not say
     * @param planned how many of the records will be written, or set aside, when the run is published; their outcomes are counted then
     */
    public record Part(String entity, String state, int pages, long delivered, Long total, Map<String, Long> counts, long planned) {
    }

    public long delivered() {
        return parts.stream().mapToLong(Part::delivered).sum();
    }

    /** What it is busy with, in a word. */
    public String phase() {
        if (hasEnded) {
            return "ended";
        }
        if (!state.equals("running")) {
            return state.equals("queued") ? "waiting" : state;
        }
        boolean reads = parts.isEmpty() || parts.stream().anyMatch(part -> part.state().equals("reading"));
        return mode.equals(Mode.VERIFY.word()) ? "comparing" : reads ? "reading" : "planning";
    }
}
