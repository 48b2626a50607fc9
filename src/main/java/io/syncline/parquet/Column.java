package io.syncline.parquet;

/**
 * A column of a file that is written. It takes null, and by its kind String (a text or JSON), Long, BigDecimal of at most the scale, Boolean, Instant
 * or LocalDate.
 *
 * @param precision and {@code scale}: for {@link Kind#DECIMAL} only
 */
public record Column(String name, Kind kind, int precision, int scale) {
    public enum Kind {
        TEXT, INTEGER, DECIMAL, BOOLEAN, TIMESTAMP, DATE, JSON
    }

    public Column(String name, Kind kind) {
        this(name, kind, 0, 0);
    }

    public static Column decimal(String name, int precision, int scale) {
        return new Column(name, Kind.DECIMAL, precision, scale);
    }
}
