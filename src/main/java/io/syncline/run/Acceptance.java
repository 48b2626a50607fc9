package io.syncline.run;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lets whoever asks for a run on this thread take part in the transaction that accepts it: what it writes there becomes true together with the run, and stays
 * so whatever happens to the process.
 */
public final class Acceptance {
    private static final ThreadLocal<Consumer<Ticket>> WITNESS = new ThreadLocal<>();

    private Acceptance() {
    }

    /** @param witness is told of the run in the transaction that accepts it */
    public static <T> T witnessed(Consumer<Ticket> witness, Supplier<T> work) {
        WITNESS.set(witness);
        try {
            return work.get();
        } finally {
            WITNESS.remove();
        }
    }

    /** The ticket is told of within a transaction. */
    static boolean isWitnessed() {
        return WITNESS.get() != null;
    }

    static void tell(Ticket ticket) {
        if (WITNESS.get() != null) {
            WITNESS.get().accept(ticket);
        }
    }
}
