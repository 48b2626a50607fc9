package io.syncline.config;

/** An exception whose message is meant for people: what failed, for what, and what to do next. It never holds a secret. */
public interface Explained {
    String getMessage();
}
