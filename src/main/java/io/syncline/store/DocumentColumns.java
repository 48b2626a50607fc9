package io.syncline.store;

import io.syncline.record.Document;
import io.syncline.record.DocumentFields;
import io.syncline.record.FieldType;
import io.syncline.record.Shape;

/** The columns of a document's fields, from its bytes to those of a {@link BinaryCopy}; only what is rare becomes a value in between. */
final class DocumentColumns {
    private final BinaryCopy copy;
    private final DocumentFields fields;

    private DocumentColumns(BinaryCopy copy, DocumentFields fields) {
        this.copy = copy;
        this.fields = fields;
    }

    /** @param document null for columns without a value */
    static void write(BinaryCopy copy, Shape shape, Document document) {
        DocumentFields fields = document == null ? null : DocumentFields.of(shape, document);
        Object[] values = document == null || fields != null ? null : shape.values(document);
        DocumentColumns columns = new DocumentColumns(copy, fields);
        for (int i = 0; i < shape.fields().size(); i++) {
            if (fields == null) {
                copy.value(values == null ? null : values[i]);
            } else if (fields.isAbsent(i)) {
                copy.none();
            } else if (!columns.isWritten(i, shape.fields().get(i).type())) {
                copy.value(fields.value(i));
            }
        }
    }

    private boolean isWritten(int field, FieldType type) {
        return switch (type) {
            case TEXT -> fields.isPlainText(field) && copy.binary(fields.bytes(), fields.from(field), fields.to(field));
            case INTEGER -> fields.isInteger(field) && copy.whole(fields.integer(field));
            case DECIMAL -> fields.isUnquoted(field) && copy.number(fields.bytes(), fields.from(field), fields.to(field));
            case BOOLEAN -> isTruth(field) && copy.truth(first(field) == 't');
            case TIMESTAMP -> isMoment(fields.micros(field));
            case JSON -> fields.isUnquoted(field) && copy.json(fields.bytes(), fields.from(field), fields.to(field));
            case DATE -> false;
        };
    }

    private boolean isMoment(long micros) {
        return micros != DocumentFields.NO_INSTANT && copy.moment(micros);
    }

    private boolean isTruth(int field) {
        return fields.isUnquoted(field) && (first(field) == 't' || first(field) == 'f');
    }

    private byte first(int field) {
        return fields.bytes()[fields.from(field)];
    }
}
