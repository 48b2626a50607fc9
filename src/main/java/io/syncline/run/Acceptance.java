package io.syncline.run;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lets whoever asks for a run on this thread take part in the transaction that accepts it, and be answered with that run when it asks again: so the same
 * request makes one run, however often its process dies.
 */
public final class Acceptance {
    private static final ThreadLocal<Acceptance> HERE = new ThreadLocal<>();

    private final Ticket known;
    private final Consumer<Ticket> witness;

    private Acceptance(Ticket known, Consumer<Ticket> witness) {
        this.known = known;
        this.witness = witness;
    }

    /**
     * @param known   what an earlier attempt was answered; null when there was none, or it came to no run
     * @param witness is told of the run in the transaction that accepts it: what it writes becomes true together with the run
     */
    public static <T> T witnessed(Ticket known, Consumer<Ticket> witness, Supplier<T> work) {
        HERE.set(new Acceptance(known, witness));
        try {
            return work.get();
        } finally {
            HERE.remove();
        }
    }

    static Optional<Ticket> known() {
        return Optional.ofNullable(HERE.get()).map(here -> here.known);
    }

    static void tell(Ticket ticket) {
        if (HERE.get() != null) {
            HERE.get().witness.accept(ticket);
        }
    }
}
