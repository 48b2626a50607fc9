package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.record.Observed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What happened, step by step, for people who want to know; costs nothing when nobody does. */
final class Trace {
    private final List<String> lines;
    private final Clock clock;

    Trace(Clock clock, boolean kept) {
        this.clock = clock;
        this.lines = kept ? new ArrayList<>() : null;
    }

    void line(Supplier<String> what) {
        if (lines != null) {
            lines.add(clock.second() % 100_000 + "  " + what.get());
        }
    }

    List<String> lines() {
        return lines == null ? List.of() : lines;
    }

    static String records(List<Observed> records) {
        return records.stream().map(record -> record.key() == null ? record.raw() : record.key()
                + (record.version() == null ? "" : " v" + record.version()) + (record.deleted() ? " deleted" : record.isFit() ? " " + record.document()
                : " unfit")).collect(Collectors.joining(", ", "[", "]"));
    }

    static String changes(List<Change> changes) {
        return changes.stream().map(change -> "\n            " + change.outcome().word() + " "
                + (change.observed() == null ? "row " + change.stored().rowId() : change.observed().key()) + ": " + change.reason())
                .collect(Collectors.joining());
    }
}
