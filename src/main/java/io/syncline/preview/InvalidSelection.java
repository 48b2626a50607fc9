package io.syncline.preview;

import io.syncline.config.Explained;

import java.util.List;
import java.util.stream.Collectors;

/** A selection names what its plan does not have, or nothing at all; it holds every mistake. */
public final class InvalidSelection extends RuntimeException implements Explained {
    private final transient List<Mistake> mistakes;

    /** @param pointer to the member of the request, as in {@code /selection/rows/3} */
    public record Mistake(String pointer, String detail) {
    }

    InvalidSelection(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::detail).collect(Collectors.joining(" ")));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}
