package io.syncline.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Rows for a spreadsheet, as RFC 4180 has them. Texts never become formulas there, whoever wrote them; numbers stay numbers. */
public final class Csv {
    static final String MEDIA_TYPE = "text/csv;charset=UTF-8;header=present";

    private static final String STARTS_FORMULA = "=+-@\t\r\n";
    private static final String NEEDS_QUOTES = ",\"\r\n";

    private final OutputStream out;

    public Csv(OutputStream out) {
        this.out = out;
    }

    /** @param cells numbers, truths, texts and what has a text; null is an empty cell, and the empty text one in quotes */
    public void row(List<?> cells) throws IOException {
        out.write((cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        if (value instanceof Number) {
            return text;
        }
        if (text.isEmpty()) {
            return "\"\"";
        }
        if (STARTS_FORMULA.indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(letter -> NEEDS_QUOTES.indexOf(letter) >= 0) ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
