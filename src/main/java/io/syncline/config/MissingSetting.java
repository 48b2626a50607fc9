package io.syncline.config;

/** A placeholder without a value; the message names it and every place that was searched. Never holds a secret. */
public final class MissingSetting extends RuntimeException implements Explained {
    public MissingSetting(String message) {
        super(message);
    }
}
