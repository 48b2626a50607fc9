package io.syncline.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.syncline.record.Document;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;

/** One object a line: the columns in front, then the canonical document's members, byte for byte. */
final class JsonLinesWriter implements RecordWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private static final byte[] EMPTY = {'{', '}'};

    private final BufferedOutputStream to;
    private final Columns columns;

    JsonLinesWriter(OutputStream to, Columns columns) {
        this.to = new BufferedOutputStream(to, 1 << 16);
        this.columns = columns;
    }

    @Override
    public void write(List<?> lead, Document document) throws IOException {
        ByteArrayOutputStream front = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(front)) {
            json.writeStartObject();
            for (int at = 0; at < lead.size(); at++) {
                json.writeFieldName(columns.lead().get(at).name());
                value(json, lead.get(at));
            }
            json.writeEndObject();
        }
        byte[] written = front.toByteArray();
        byte[] fields = document == null ? EMPTY : document.utf8();
        to.write(written, 0, written.length - 1);
        if (!lead.isEmpty() && fields.length > 2) {
            to.write(',');
        }
        to.write(fields, 1, fields.length - 1);
        to.write('\n');
    }

    private static void value(JsonGenerator json, Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number.toPlainString());
        } else {
            json.writeString(value.toString());
        }
    }

    @Override
    public void close() throws IOException {
        to.flush();
    }
}
