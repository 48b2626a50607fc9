package io.syncline.export;

import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.Missing;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A row a record under a header, for spreadsheets. Null and missing are both an empty cell; nested values are JSON. */
final class CsvWriter implements RecordWriter {
    private final BufferedOutputStream to;
    private final Csv csv;
    private final Columns columns;

    CsvWriter(OutputStream to, Columns columns) throws IOException {
        this.to = new BufferedOutputStream(to, 1 << 16);
        this.csv = new Csv(this.to);
        this.columns = columns;
        List<Object> header = new ArrayList<>();
        columns.lead().forEach(column -> header.add(column.name()));
        columns.shape().fields().stream().map(Field::name).forEach(header::add);
        csv.row(header);
    }

    @Override
    public void write(List<?> lead, Document document) throws IOException {
        int fields = columns.shape().fields().size();
        List<Object> cells = new ArrayList<>(lead.size() + fields);
        lead.forEach(value -> cells.add(plain(value)));
        Object[] values = document == null ? new Object[fields] : columns.shape().valuesThen(document);
        for (Object value : values) {
            cells.add(plain(value));
        }
        csv.row(cells);
    }

    private static Object plain(Object value) {
        if (value instanceof BigDecimal number) {
            return new BigDecimal(number.toPlainString());
        }
        return value == Missing.MISSING ? null : value;
    }

    @Override
    public void close() throws IOException {
        to.flush();
    }
}
