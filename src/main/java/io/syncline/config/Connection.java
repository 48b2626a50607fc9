package io.syncline.config;

/** An organisation's access to a system: it fills the placeholders of the system's file. */
public interface Connection {
    String organisation();

    String system();

    /**
     * The text with every {@code ${NAME}} and {@code ${NAME:default}} filled.
     *
     * @throws MissingSetting when one is nowhere to be found; it names all places that were searched
     */
    String fill(String text);
}
