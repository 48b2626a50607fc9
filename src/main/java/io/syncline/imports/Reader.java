package io.syncline.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.syncline.config.ImportConfig.Supplier;
import io.syncline.config.LocalTable;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import io.syncline.source.DeliveredFile.Line;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a supplier's lines: which column is which field, how numbers are written, and which record a line belongs to. */
final class Reader {
    private static final Pattern CURRENCY = Pattern.compile("^(-?)\\s*[$€£]\\s*|\\s*[$€£]$");
    private static final Pattern WITH_POINT = Pattern.compile("[-+]?\\d{1,3}(,\\d{3})+(\\.\\d+)?");
    private static final Pattern WITH_COMMA = Pattern.compile("[-+]?(\\d{1,3}(\\.\\d{3})+|\\d+)(,\\d+)?");

    private final LocalTable table;
    private final Supplier supplier;
    private final SideMapping mapping;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final int found;

    /**
     * What a line says.
     *
     * @param foundBy what names the record it belongs to
     * @param said    the fields as a JSON object, or null where there is a problem
     */
    record Said(int line, String foundBy, String said, String problem) {
    }

    /** @throws Unreadable when the header lacks a column */
    Reader(LocalTable table, Supplier supplier, List<String> header) throws Unreadable {
        this.table = table;
        this.supplier = supplier;
        List<Field> fields = table.fields().keySet().stream().filter(field -> supplier.columns().containsKey(field) || supplier.set().containsKey(field))
                .map(field -> new Field(field, table.fields().get(field), Path.of(field), table.key().contains(field), false, true, TimeFormat.ISO, null))
                .toList();
        this.mapping = new SideMapping(new Shape(fields), table.key().stream().map(Path::of).toList(), null, null, TimeFormat.ISO, null);
        List<String> missing = new ArrayList<>();
        supplier.columns().forEach((field, column) -> places.put(field, place(header, column, missing)));
        this.found = place(header, supplier.findColumn(), missing);
        if (!missing.isEmpty()) {
            throw new Unreadable("the header has no column " + String.join(", ", missing) + ". It names " + String.join(", ", header.stream()
                    .filter(name -> name != null && !name.isEmpty()).map(name -> '"' + name + '"').toList()) + ". Correct columns: in the sync's file.");
        }
    }

    private static int place(List<String> header, String column, List<String> missing) {
        int place = header.indexOf(column);
        if (place < 0 && !missing.contains('"' + column + '"')) {
            missing.add('"' + column + '"');
        }
        return place;
    }

    Said read(Line line) {
        if (line.problem() != null) {
            return new Said(line.number(), null, null, line.problem());
        }
        String foundBy = line.values().get(found);
        if (foundBy == null || foundBy.isBlank()) {
            return new Said(line.number(), null, null, "the column \"" + supplier.findColumn() + "\" is empty, so nobody knows what it belongs to");
        }
        if (foundBy.indexOf(0) >= 0) {
            return new Said(line.number(), null, null, "the column \"" + supplier.findColumn() + "\" holds a letter that no record has");
        }
        Observed observed = observed(line);
        return observed.isFit() ? new Said(line.number(), foundBy.strip(), observed.document().text(), null)
                : new Said(line.number(), foundBy.strip(), null, String.join("; ", observed.problems()));
    }

    private Observed observed(Line line) {
        try (TokenBuffer tokens = new TokenBuffer(null, false)) {
            tokens.writeStartObject();
            for (String field : table.fields().keySet()) {
                if (supplier.set().containsKey(field)) {
                    tokens.writeStringField(field, supplier.set().get(field));
                } else if (places.containsKey(field)) {
                    tokens.writeFieldName(field);
                    tokens.writeString(value(line.values().get(places.get(field)), table.fields().get(field)));
                }
            }
            tokens.writeEndObject();
            try (JsonParser parser = tokens.asParserOnFirstToken()) {
                return mapping.read(parser);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String value(String written, FieldType type) {
        if (written == null || type == FieldType.TEXT) {
            return written;
        }
        String value = written.strip();
        if (value.isEmpty()) {
            return null;
        }
        if (type != FieldType.DECIMAL && type != FieldType.INTEGER) {
            return value;
        }
        value = CURRENCY.matcher(value).replaceAll("$1");
        if (supplier.decimalComma()) {
            // A point that parts no thousands is no comma: better no price than one a hundred times too high.
            return WITH_COMMA.matcher(value).matches() ? value.replace(".", "").replace(',', '.') : value.indexOf('.') < 0 ? value : "\"" + value + '"';
        }
        return WITH_POINT.matcher(value).matches() ? value.replace(",", "") : value;
    }

    /** The file is no list of this supplier's. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message);
        }
    }
}
