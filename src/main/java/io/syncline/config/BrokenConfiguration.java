package io.syncline.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; holds every mistake in it, in the order of files and lines. */
public final class BrokenConfiguration extends RuntimeException implements Explained {
    private final transient List<Mistake> mistakes;

    BrokenConfiguration(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}
