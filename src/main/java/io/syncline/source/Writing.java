package io.syncline.source;

/**
 * Sends one entry to its system and says what came of it; it knows neither the outbox nor the clock. Nothing is thrown for what a system does: that is an
 * answer, too.
 */
public interface Writing {
    /** Reads the record first where the order overwrites one (promise 13); sends only what is still as agreed. */
    Sent send(WriteOrder order);

    /** What became of an order whose answer was lost (promise 12); sends nothing. */
    Sent lookUp(WriteOrder order);
}
