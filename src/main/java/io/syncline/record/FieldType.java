package io.syncline.record;

import java.util.Locale;

/** What a declared field holds; each type has one canonical form and one PostgreSQL column type. */
public enum FieldType {
    TEXT("text"),
    INTEGER("bigint"),
    DECIMAL("numeric"),
    BOOLEAN("boolean"),
    TIMESTAMP("timestamptz"),
    DATE("date"),
    JSON("jsonb");

    private final String columnType;

    FieldType(String columnType) {
        this.columnType = columnType;
    }

    /** The PostgreSQL type of the field's column. */
    public String columnType() {
        return columnType;
    }

    /** The word for it in configuration files: the lower-case name. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
