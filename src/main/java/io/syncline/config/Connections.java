package io.syncline.config;

/** Who may talk to what: each organisation by settings of its own. */
public interface Connections {
    Connection of(String organisation, String system);
}
