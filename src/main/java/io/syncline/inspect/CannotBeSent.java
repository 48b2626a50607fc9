package io.syncline.inspect;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;

import java.util.Map;
import java.util.Optional;

/** The table refuses an edit: the record's system could never be told of it, or nothing may be so. The message says why, and what to do instead. */
public final class CannotBeSent extends RuntimeException {
    /** What the trigger raises, by SQLSTATE; PostgreSQL's own failures of the same states are not the caller's. */
    private static final Map<String, String> CODES = Map.of("42501", "cannot-be-sent", "23514", "cannot-be-so");
    private static final String RAISED = "exec_stmt_raise";

    private final String code;

    private CannotBeSent(String code, ServerErrorMessage refused) {
        super(refused.getMessage() + "." + (refused.getHint() == null ? "" : " " + refused.getHint()), null, false, false);
        this.code = code;
    }

    /** Empty where it was something else that failed. */
    static Optional<CannotBeSent> in(DataAccessException failure) {
        if (!(failure.getMostSpecificCause() instanceof PSQLException refused) || refused.getServerErrorMessage() == null
                || !RAISED.equals(refused.getServerErrorMessage().getRoutine())) {
            return Optional.empty();
        }
        return Optional.ofNullable(CODES.get(refused.getSQLState())).map(code -> new CannotBeSent(code, refused.getServerErrorMessage()));
    }

    /** What programs tell the two apart by. */
    public String code() {
        return code;
    }
}
