package io.syncline.record;

import java.util.List;
import java.util.stream.Collectors;

/** Where a value stands inside a source's record: {@code customer.address.city}, {@code partner_id.0}. */
public record Path(List<String> segments) {
    public Path {
        segments = List.copyOf(segments);
        if (segments.isEmpty() || segments.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a path names at least one member and no empty one");
        }
    }

    public static Path of(String dotted) {
        return new Path(List.of(dotted.split("\\.", -1)));
    }

    /** Whether it leads through objects only: no segment is a place in a list. */
    public boolean isPlain() {
        return segments.stream().noneMatch(segment -> segment.matches("[0-9]+"));
    }

    /** Two paths have the same only if they are the same: members with dots in their names included. */
    String fingerprint() {
        return segments.stream().map(segment -> segment.replace("\\", "\\\\").replace(".", "\\.")).collect(Collectors.joining("."));
    }

    @Override
    public String toString() {
        return String.join(".", segments);
    }
}
