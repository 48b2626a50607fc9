package io.syncline.record;

import java.util.List;

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

    @Override
    public String toString() {
        return String.join(".", segments);
    }
}
