package io.syncline.config;

import java.util.Optional;

/** An exception whose message is meant for people: what failed, for what, and what to do next. It never holds a secret. */
public interface Explained {
    String getMessage();

    /** What is told to people in a failure, however deep it was wrapped on its way. */
    static Optional<Explained> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Explained explained) {
                return Optional.of(explained);
            }
        }
        return Optional.empty();
    }
}
