package io.syncline.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/** What an operator has to see to when the database does not do its part. Nobody's data is at fault, and what was under way can be asked for again. */
public enum DatabaseTrouble {
    DISK_FULL("The disk of the database is full.", "Make room where PostgreSQL keeps its data"),
    EXHAUSTED("The database has no memory, disk or connection left for us.", "Look at the limits of the PostgreSQL server"),
    BUSY("All connections to the database were busy for longer than we wait.",
            "Wait until less is under way, or raise spring.datasource.hikari.maximum-pool-size in config/application.yaml"),
    LOCKED("Somebody else keeps locked what is needed here.", "Look for long transactions in pg_stat_activity and end them"),
    GONE("The database cannot be reached just now.", "Wait until it is back");

    private final String what;
    private final String cure;

    DatabaseTrouble(String what, String cure) {
        this.what = what;
        this.cure = cure;
    }

    /** What is the matter, in one sentence. */
    public String what() {
        return what;
    }

    /** Why a run failed, and what to do. */
    public String forRun() {
        return what + " Nothing of this run was published. " + cure + ", then run again.";
    }

    /** Why a run stands still that could not even be ended. */
    public String forStandingRun(long run) {
        return what + " Nothing of run " + run + " was published yet; it goes on by itself as soon as this is mended. " + cure + ".";
    }

    /** Somebody held for too long what was to be locked. */
    public static boolean isLocked(Throwable failure) {
        return in(failure).filter(trouble -> trouble == LOCKED).isPresent();
    }

    /** The trouble behind a failure, however deep it was wrapped on its way; empty when the failure is another. */
    public static Optional<DatabaseTrouble> in(Throwable failure) {
        boolean unconnected = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            unconnected |= cause instanceof CannotGetJdbcConnectionException || cause instanceof CannotCreateTransactionException;
            if (cause instanceof SQLException sql) {
                Optional<DatabaseTrouble> trouble = of(sql);
                if (trouble.isPresent()) {
                    return trouble;
                }
            }
        }
        return unconnected ? Optional.of(GONE) : Optional.empty();
    }

    private static Optional<DatabaseTrouble> of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (state.equals("53100")) {
            return Optional.of(DISK_FULL);
        }
        if (state.startsWith("53")) {
            return Optional.of(EXHAUSTED);
        }
        if (state.startsWith("40") || state.equals("55P03")) {
            return Optional.of(LOCKED);
        }
        if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("58")) {
            return Optional.of(GONE);
        }
        // The pool says that it waited in vain; if it could not connect, the reason is behind it and decides.
        if (failure instanceof SQLTransientConnectionException) {
            return Optional.of(failure.getCause() instanceof SQLException reason ? of(reason).orElse(GONE) : BUSY);
        }
        return Optional.empty();
    }
}
