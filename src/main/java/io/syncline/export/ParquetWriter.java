package io.syncline.export;

import io.syncline.parquet.Column;
import io.syncline.parquet.NewParquetFile;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Json;
import io.syncline.record.Missing;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A column a field, of the type that the field is declared as. Null and missing are both null. */
final class ParquetWriter implements RecordWriter {
    private final NewParquetFile file;
    private final Columns columns;
    private final List<Column> written = new ArrayList<>();

    ParquetWriter(OutputStream to, Columns columns) throws IOException {
        this.columns = columns;
        columns.lead().forEach(lead -> written.add(column(lead.name(), lead.type(), null)));
        for (Field field : columns.shape().fields()) {
            written.add(column(field.name(), field.type(), columns.digits().get(field.name())));
        }
        this.file = NewParquetFile.open(to, written, columns.about());
    }

    @Override
    public void write(List<?> lead, Document document) throws IOException {
        Object[] row = new Object[written.size()];
        for (int at = 0; at < lead.size(); at++) {
            row[at] = fitted(at, lead.get(at));
        }
        if (document != null) {
            Object[] values = columns.shape().valuesThen(document);
            for (int at = 0; at < values.length; at++) {
                row[lead.size() + at] = fitted(lead.size() + at, values[at]);
            }
        }
        file.write(row);
    }

    private Object fitted(int at, Object value) {
        if (value == Missing.MISSING) {
            return null;
        }
        if (value instanceof Json json) {
            return json.canonical();
        }
        return value instanceof BigDecimal number && written.get(at).kind() == Column.Kind.TEXT ? number.toPlainString() : value;
    }

    /** A decimal column must say beforehand how many digits it takes; where nobody knows, its numbers are texts, with every digit. */
    private static Column column(String name, FieldType type, Digits digits) {
        return switch (type) {
            case TEXT -> new Column(name, Column.Kind.TEXT);
            case INTEGER -> new Column(name, Column.Kind.INTEGER);
            case DECIMAL -> digits == null || !digits.fitParquet() ? new Column(name, Column.Kind.TEXT)
                    : Column.decimal(name, digits.precision(), digits.scale());
            case BOOLEAN -> new Column(name, Column.Kind.BOOLEAN);
            case TIMESTAMP -> new Column(name, Column.Kind.TIMESTAMP);
            case DATE -> new Column(name, Column.Kind.DATE);
            case JSON -> new Column(name, Column.Kind.JSON);
        };
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
