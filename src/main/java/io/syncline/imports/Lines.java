package io.syncline.imports;

import io.syncline.imports.Reader.Said;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;

/** Sends lines to PostgreSQL as they are read, a handful in memory at a time. */
final class Lines implements AutoCloseable {
    private static final int ENOUGH = 64 * 1024;

    private final CopyIn copy;
    private final long run;
    private final StringBuilder waiting = new StringBuilder();

    Lines(Connection connection, long run) throws SQLException {
        this.run = run;
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(
                "copy syncline_staging.import_line (import_run, line, found_by, said, problem) from stdin");
    }

    void add(Said line) throws SQLException {
        waiting.append(run).append('\t').append(line.line());
        text(line.foundBy());
        text(line.said());
        text(line.problem());
        waiting.append('\n');
        if (waiting.length() > ENOUGH) {
            send();
        }
    }

    private void text(String value) {
        waiting.append('\t');
        if (value == null) {
            waiting.append("\\N");
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> waiting.append("\\\\");
                case '\n' -> waiting.append("\\n");
                case '\r' -> waiting.append("\\r");
                case '\t' -> waiting.append("\\t");
                case 0 -> waiting.append('?');
                default -> waiting.append(c);
            }
        }
    }

    private void send() throws SQLException {
        byte[] bytes = waiting.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        waiting.setLength(0);
    }

    void end() throws SQLException {
        send();
        copy.endCopy();
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }
}
