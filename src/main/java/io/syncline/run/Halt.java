package io.syncline.run;

import io.syncline.config.Explained;
import io.syncline.store.PlanLost;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;

/** A run stops where it stands, through no fault of what it reads: whoever holds it next goes on, or nobody needs to. */
final class Halt extends RuntimeException {
    private final Why why;

    /** In the order in which they count where several hold. */
    enum Why {
        /** Another process has the run, or it has ended: nothing of it is ours to write. */
        TAKEN_OVER,
        /** A person does not want it any more. */
        CANCELLED,
        /** It is left as it stands, to be taken over. */
        LEFT
    }

    Halt(Why why, String message) {
        super(message);
        this.why = why;
    }

    private Halt(String message, Throwable cause) {
        super(message, cause);
        this.why = Why.LEFT;
    }

    Why why() {
        return why;
    }

    /** What a failure means for the run as a whole; empty when it is the failure of what was read. */
    static Optional<Halt> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Halt halt) {
                return Optional.of(halt);
            }
            if (cause instanceof PlanLost) {
                return Optional.of(new Halt("What it had staged was lost", failure));
            }
            if (cause instanceof Explained) {
                return Optional.empty();
            }
            if (cause instanceof SQLException database && isOutage(database)) {
                return Optional.of(new Halt("PostgreSQL could not be reached", failure));
            }
        }
        return Optional.empty();
    }

    /** Classes 08 and 57P of SQLSTATE and 25P03: no connection, or one that the server has ended. */
    private static boolean isOutage(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03") || failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException;
    }
}
