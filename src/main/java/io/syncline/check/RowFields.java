package io.syncline.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.record.Field;
import io.syncline.record.Missing;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads fields that are written under their own names, as people see them in the table, and not as the side writes them. */
final class RowFields {
    private static final String KEY = "(key)";

    private final Shape shape;
    private final SideMapping mapping;

    RowFields(Shape shape) {
        this.shape = new Shape(shape.fields().stream()
                .map(field -> new Field(field.name(), field.type(), new Path(List.of(field.name())), false, field.set(), false, TimeFormat.ISO, null))
                        .toList());
        this.mapping = new SideMapping(this.shape, List.of(new Path(List.of(KEY))), null, null, TimeFormat.ISO, null);
    }

    /** The values with those of the fields in their place. */
    Object[] with(Object[] values, ObjectNode fields) throws CaseFailure {
        Object[] read = read(fields);
        Object[] changed = values.clone();
        for (int i = 0; i < changed.length; i++) {
            changed[i] = read[i] == Missing.MISSING ? changed[i] : read[i];
        }
        return changed;
    }

    /** The names of those fields that the values say otherwise. What is missing is null in a row. */
    List<String> differing(Object[] values, ObjectNode fields) throws CaseFailure {
        Object[] read = read(fields);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < read.length; i++) {
            if (read[i] != Missing.MISSING && !Objects.equals(read[i], values[i] == Missing.MISSING ? null : values[i])) {
                names.add(shape.fields().get(i).name());
            }
        }
        return names;
    }

    private Object[] read(ObjectNode fields) throws CaseFailure {
        Observed observed = Records.read(mapping, fields.deepCopy().put(KEY, 1));
        if (!observed.isFit()) {
            throw new CaseFailure(String.join("; ", observed.problems()));
        }
        return shape.values(observed.document());
    }
}
