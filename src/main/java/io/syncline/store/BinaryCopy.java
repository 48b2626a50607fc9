package io.syncline.store;

import io.syncline.record.Json;
import io.syncline.record.Missing;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteConverter;

/** Rows in PostgreSQL's binary {@code COPY} format, gathered in memory (a page at a time) and sent at once. */
final class BinaryCopy {
    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final long EPOCH_2000_SECONDS = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final long EPOCH_2000_DAYS = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final int TEXT_TYPE = 25;

    private byte[] bytes = new byte[64 * 1024];
    private int length;

    BinaryCopy() {
        raw(HEADER);
    }

    void row(int columns) {
        reserve(2);
        bytes[length++] = (byte) (columns >> 8);
        bytes[length++] = (byte) columns;
    }

    void none() {
        int4(-1);
    }

    void whole(Long value) {
        if (value == null) {
            none();
        } else {
            int4(8);
            int8(value);
        }
    }

    void integer(Integer value) {
        if (value == null) {
            none();
        } else {
            int4(4);
            int4(value);
        }
    }

    void truth(boolean value) {
        int4(1);
        reserve(1);
        bytes[length++] = (byte) (value ? 1 : 0);
    }

    void text(String value) {
        if (value == null) {
            none();
        } else {
            binary(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    void binary(byte[] value) {
        if (value == null) {
            none();
        } else {
            int4(value.length);
            raw(value);
        }
    }

    void instant(Instant value) {
        if (value == null) {
            none();
        } else {
            int4(8);
            int8((value.getEpochSecond() - EPOCH_2000_SECONDS) * 1_000_000 + value.getNano() / 1_000);
        }
    }

    void texts(List<String> values) {
        if (values.isEmpty()) {
            none();
            return;
        }
        int start = length;
        int4(0);
        int4(1);
        int4(0);
        int4(TEXT_TYPE);
        int4(values.size());
        int4(1);
        values.forEach(this::text);
        int end = length;
        length = start;
        int4(end - start - 4);
        length = end;
    }

    /** The value of a declared field. */
    void value(Object value) {
        if (value == null || value == Missing.MISSING) {
            none();
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Long whole) {
            whole(whole);
        } else if (value instanceof BigDecimal number) {
            binary(ByteConverter.numeric(number));
        } else if (value instanceof Boolean truth) {
            truth(truth);
        } else if (value instanceof Instant instant) {
            instant(instant);
        } else if (value instanceof LocalDate date) {
            int4(4);
            int4((int) (date.toEpochDay() - EPOCH_2000_DAYS));
        } else if (value instanceof Json json) {
            byte[] utf8 = json.canonical().getBytes(StandardCharsets.UTF_8);
            int4(utf8.length + 1);
            reserve(1);
            bytes[length++] = 1;
            raw(utf8);
        } else {
            throw new IllegalArgumentException("no column for a value of " + value.getClass());
        }
    }

    /** Sends the rows; on a failure the transaction is to be rolled back. */
    void send(Connection connection, String target) throws SQLException {
        row(-1);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + target + " from stdin (format binary)");
        try {
            copy.writeToCopy(bytes, 0, length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    private void int4(int value) {
        reserve(4);
        ByteConverter.int4(bytes, length, value);
        length += 4;
    }

    private void int8(long value) {
        reserve(8);
        ByteConverter.int8(bytes, length, value);
        length += 8;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
