package io.syncline.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns the token a parser stands on into the value of a field, exactly or not at all. */
final class ValueReader {
    private static final BigDecimal MOST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);

    private ValueReader() {
    }

    /** @throws UnfitValue when the value is none of the type; the parser then stands at its end all the same */
    static Object read(JsonParser parser, FieldType type, TimeFormat time, boolean set) throws IOException {
        JsonToken token = parser.currentToken();
        if (type == FieldType.JSON) {
            return token == JsonToken.VALUE_NULL ? null : new Json(canonical(parser, set));
        }
        if (token.isStructStart()) {
            boolean array = token == JsonToken.START_ARRAY;
            parser.skipChildren();
            throw new UnfitValue("is " + (array ? "a list" : "an object") + ", not " + named(type));
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE, VALUE_FALSE -> truth(type, token == JsonToken.VALUE_TRUE);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(type, parser.getText(), time);
            default -> text(type, parser.getText(), time);
        };
    }

    /** The same of which the field takes an excerpt only. */
    static Object read(JsonParser parser, Field field, TimeFormat time) throws IOException {
        if (field.type() != FieldType.JSON || field.excerpt().isAll()) {
            return read(parser, field.type(), time, field.set());
        }
        Json whole = (Json) read(parser, FieldType.JSON, time, false);
        return whole == null ? null : excerpt(field, whole);
    }

    /** What the field takes of a value; of a list that is a set, in its order. */
    static Json excerpt(Field field, Json whole) throws IOException {
        String taken = field.excerpt().of(whole.canonical());
        if (!field.set()) {
            return new Json(taken);
        }
        try (JsonParser again = Canonical.JSON.createParser(taken)) {
            again.nextToken();
            return new Json(canonical(again, true));
        }
    }

    /** A value of a stored document, which may have been written when the field was declared narrower. */
    static Object stored(JsonParser parser, FieldType type) throws IOException {
        JsonToken token = parser.currentToken();
        if (type == FieldType.TEXT && (token.isStructStart() || token.isBoolean())) {
            return canonical(parser, false);
        }
        if (type == FieldType.TIMESTAMP && token == JsonToken.VALUE_STRING && parser.getText().indexOf('T') < 0) {
            return date(parser.getText(), TimeFormat.ISO).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        return read(parser, type, TimeFormat.ISO, false);
    }

    private static Object truth(FieldType type, boolean value) {
        if (type != FieldType.BOOLEAN) {
            throw new UnfitValue("is " + value + ", not " + named(type));
        }
        return value;
    }

    private static Object number(FieldType type, String literal, TimeFormat time) {
        return switch (type) {
            case TEXT -> Canonical.number(literal).toPlainString();
            case INTEGER -> integer(literal);
            case DECIMAL -> Canonical.number(literal);
            case TIMESTAMP -> instant(literal, time);
            case DATE -> date(literal, time);
            default -> throw new UnfitValue("is a number, not " + named(type));
        };
    }

    private static Object text(FieldType type, String text, TimeFormat time) {
        return switch (type) {
            case TEXT -> Canonical.storable(text);
            case INTEGER -> integer(ascii(text));
            case DECIMAL -> Canonical.number(ascii(text));
            case BOOLEAN -> switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new UnfitValue("is not true or false");
            };
            case TIMESTAMP -> instant(text, time);
            case DATE -> date(text, time);
            case JSON -> throw new IllegalStateException("read as a whole");
        };
    }

    private static Long integer(String literal) {
        if (isPlain(literal)) {
            return Long.parseLong(literal);
        }
        BigDecimal number = Canonical.number(literal);
        if (number.scale() > 0) {
            throw new UnfitValue("is not a whole number");
        }
        if (number.compareTo(MOST_LONG) > 0 || number.compareTo(LEAST_LONG) < 0) {
            throw new UnfitValue("is a whole number beyond 64 bits: declare the field as decimal or text");
        }
        return number.longValueExact();
    }

    /** Nothing but digits, and few enough; everything else, like 3.0 and 1e3, takes the long way. */
    private static boolean isPlain(String literal) {
        for (int at = 0; at < literal.length(); at++) {
            if (literal.charAt(at) < '0' || literal.charAt(at) > '9') {
                return false;
            }
        }
        return !literal.isEmpty() && literal.length() < 19;
    }

    private static Instant instant(String text, TimeFormat time) {
        try {
            return time.read(text);
        } catch (DateTimeException e) {
            throw new UnfitValue("is not an instant in the format " + time);
        }
    }

    private static LocalDate date(String text, TimeFormat time) {
        try {
            return time.readDate(text);
        } catch (DateTimeException e) {
            throw new UnfitValue(time.isIso() ? "is not a date like 2026-01-31" : "is not a date in the format " + time);
        }
    }

    /** Java would read the digits of every script as a number. */
    private static String ascii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) > '9' && text.charAt(at) != 'e' && text.charAt(at) != 'E') {
                throw new UnfitValue("is not a decimal number");
            }
        }
        return text;
    }

    private static String canonical(JsonParser parser, boolean set) throws IOException {
        StringBuilder to = new StringBuilder();
        UnfitValue unfit = write(parser, to, set);
        if (unfit != null) {
            throw unfit;
        }
        return to.toString();
    }

    /** Writes the value and moves to its end whatever it finds, so that the rest of the record can still be read. */
    private static UnfitValue write(JsonParser parser, StringBuilder to, boolean set) throws IOException {
        UnfitValue unfit = null;
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, String> members = new TreeMap<>(ValueReader::byCodePoint);
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    StringBuilder member = new StringBuilder();
                    String name = parser.currentName();
                    parser.nextToken();
                    unfit = first(unfit, write(parser, member, false));
                    unfit = first(unfit, attempt(() -> Canonical.storable(name)));
                    if (members.put(name, member.toString()) != null) {
                        unfit = first(unfit, new UnfitValue("holds the member " + UnfitValue.quoted(name) + " twice"));
                    }
                }
                to.append('{');
                members.forEach((name, value) -> {
                    if (to.charAt(to.length() - 1) != '{') {
                        to.append(',');
                    }
                    Canonical.text(to, name);
                    to.append(':').append(value);
                });
                to.append('}');
            }
            case START_ARRAY -> {
                List<String> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    StringBuilder item = new StringBuilder();
                    unfit = first(unfit, write(parser, item, false));
                    items.add(item.toString());
                }
                if (set) {
                    items = items.stream().distinct().sorted(ValueReader::byCodePoint).toList();
                }
                to.append('[').append(String.join(",", items)).append(']');
            }
            case VALUE_STRING -> {
                String text = parser.getText();
                unfit = attempt(() -> Canonical.storable(text));
                Canonical.text(to, text);
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String literal = parser.getText();
                unfit = attempt(() -> to.append(Canonical.number(literal).toPlainString()));
            }
            default -> to.append(parser.getText());
        }
        return unfit;
    }

    private static UnfitValue attempt(Runnable step) {
        try {
            step.run();
            return null;
        } catch (UnfitValue unfit) {
            return unfit;
        }
    }

    private static UnfitValue first(UnfitValue one, UnfitValue other) {
        return one != null ? one : other;
    }

    /** The order of UTF-8 bytes, which is PostgreSQL's {@code COLLATE "C"}; {@code compareTo} would sort some rare characters differently. */
    static int byCodePoint(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        for (int i = 0; i < shorter; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                boolean surrogateA = Character.isSurrogate(a);
                boolean surrogateB = Character.isSurrogate(b);
                return surrogateA == surrogateB ? Character.compare(a, b) : surrogateA ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    private static String named(FieldType type) {
        return switch (type) {
            case TEXT -> "text";
            case INTEGER -> "a whole number";
            case DECIMAL -> "a decimal number";
            case BOOLEAN -> "true or false";
            case TIMESTAMP -> "an instant";
            case DATE -> "a date";
            case JSON -> "json";
        };
    }
}
