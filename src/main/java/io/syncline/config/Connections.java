package io.syncline.config;

/** Who may talk to what. The organisation {@code default} takes its settings from the environment. */
public interface Connections {
    /** @throws MissingSetting when the organisation has no connection to the system */
    Connection of(String organisation, String system);
}
