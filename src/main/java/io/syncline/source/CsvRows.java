package io.syncline.source;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads RFC 4180 rows from a stream, one at a time: quoted values may hold the delimiter, line breaks and doubled quotes. An empty value without
 * quotes is null, {@code ""} is the empty text. Lines without anything on them are passed over.
 */
final class CsvRows {
    private static final int END = -1;

    private final Reader from;
    private final char delimiter;
    private final int mostLetters;
    private final StringBuilder raw = new StringBuilder();
    private int line = 1;
    private int pushedBack = -2;

    /** @param mostLetters of one row */
    CsvRows(Reader from, char delimiter, int mostLetters) {
        this.from = from;
        this.delimiter = delimiter;
        this.mostLetters = mostLetters;
    }

    /**
     * @param line       where it begins, from 1
     * @param raw        as it stands there, without its line break
     * @param terminated a line break follows it
     */
    record Row(int line, List<String> values, String raw, boolean terminated) {
    }

    /** @return null at the end */
    Row next() throws IOException, Malformed {
        for (;;) {
            raw.setLength(0);
            int first = line;
            List<String> values = new ArrayList<>();
            int end = value(values, first);
            while (end == delimiter) {
                end = value(values, first);
            }
            boolean nothing = values.size() == 1 && values.get(0) == null;
            if (end == END && nothing) {
                return null;
            }
            if (!nothing) {
                return new Row(first, values, withoutBreak(), end != END);
            }
        }
    }

    private String withoutBreak() {
        int length = raw.length();
        return raw.substring(0, length > 0 && raw.charAt(length - 1) == '\n' ? length - 1 : length);
    }

    /** Reads one value and answers what ended it: the delimiter, a line break or the end. */
    private int value(List<String> values, int row) throws IOException, Malformed {
        StringBuilder value = new StringBuilder();
        int c = read(row);
        if (c == '"') {
            c = quoted(value, row);
            if (c != delimiter && c != '\n' && c != END) {
                throw new Malformed("line " + line + ": something stands between a closing quote and the end of its value");
            }
            values.add(value.toString());
            return c;
        }
        while (c != delimiter && c != '\n' && c != END) {
            if (c == '"') {
                throw new Malformed("line " + line + ": a quote stands inside a value that is not quoted");
            }
            value.append((char) c);
            c = read(row);
        }
        values.add(value.length() == 0 ? null : value.toString());
        return c;
    }

    private int quoted(StringBuilder value, int row) throws IOException, Malformed {
        for (;;) {
            int c = read(row);
            if (c == END) {
                throw new Malformed("line " + row + ": a quote is opened and never closed; the file may be cut off");
            }
            if (c != '"') {
                value.append((char) c);
                continue;
            }
            c = read(row);
            if (c != '"') {
                return c;
            }
            value.append('"');
        }
    }

    /** The next letter, with {@code \r\n} as one {@code \n}. */
    private int read(int row) throws IOException, Malformed {
        int c = pushedBack != -2 ? pushedBack : from.read();
        pushedBack = -2;
        if (c == '\r') {
            int following = from.read();
            if (following != '\n') {
                pushedBack = following;
            }
            c = '\n';
        }
        if (c == '\n') {
            line++;
        }
        if (c != END) {
            raw.append((char) c);
            if (raw.length() > mostLetters) {
                throw new Malformed("line " + row + ": a row is longer than " + mostLetters + " letters");
            }
        }
        return c;
    }

    /** The file as a whole cannot be read on; the message says where and why. */
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }
}
