package io.syncline.config;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A place in a YAML file that knows its line and its path, so that everything said about it can name both.
 * Asking for what is not there answers an absent place; whoever asks need not care whether the file is complete.
 *
 * @param line that of the key for a member, else its own
 * @param text as written, for everything that is neither a map nor a list
 */
record Yaml(Kind kind, String where, int line, String text, Map<String, Yaml> members, List<Yaml> items) {
    enum Kind {
        MAP, LIST, TEXT, INTEGER, NUMBER, BOOLEAN, NULL, ABSENT
    }

    static Yaml map(String where, int line, Map<String, Yaml> members) {
        return new Yaml(Kind.MAP, where, line, "", Collections.unmodifiableMap(members), List.of());
    }

    static Yaml list(String where, int line, List<Yaml> items) {
        return new Yaml(Kind.LIST, where, line, "", Map.of(), List.copyOf(items));
    }

    static Yaml scalar(Kind kind, String where, int line, String text) {
        return new Yaml(kind, where, line, text, Map.of(), List.of());
    }

    Yaml get(String member) {
        Yaml found = members.get(member);
        return found != null ? found : scalar(Kind.ABSENT, below(member), line, "");
    }

    String below(String member) {
        return where.isEmpty() ? member : where + "." + member;
    }

    boolean has(String member) {
        return members.containsKey(member);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean isScalar() {
        return kind != Kind.MAP && kind != Kind.LIST && kind != Kind.ABSENT;
    }

    /** The text, or null where there is none. */
    String textOrNull() {
        return kind == Kind.ABSENT || kind == Kind.NULL ? null : text;
    }

    boolean isTrue() {
        return kind == Kind.BOOLEAN && text.equals("true");
    }

    int integer() {
        return Integer.parseInt(text);
    }

    /** A list's texts, or the one text of a scalar: wherever a list may be written, one entry needs no brackets. */
    List<String> texts() {
        return kind == Kind.LIST ? items.stream().map(Yaml::text).toList() : isScalar() ? List.of(text) : List.of();
    }

    /** Likewise the places themselves. */
    List<Yaml> each() {
        return kind == Kind.LIST ? items : isScalar() ? List.of(this) : List.of();
    }

    Yaml with(String member, Yaml value) {
        Map<String, Yaml> extended = new LinkedHashMap<>(members);
        extended.put(member, value);
        return map(where, line, extended);
    }

    Yaml without(String member) {
        if (!has(member)) {
            return this;
        }
        Map<String, Yaml> rest = new LinkedHashMap<>(members);
        rest.remove(member);
        return map(where, line, rest);
    }

    /** As JSON; numbers keep every digit that was written. */
    String json() {
        StringBuilder json = new StringBuilder();
        write(json);
        return json.toString();
    }

    private void write(StringBuilder to) {
        switch (kind) {
            case MAP -> {
                to.append('{');
                members.forEach((name, value) -> {
                    if (to.charAt(to.length() - 1) != '{') {
                        to.append(',');
                    }
                    quote(to, name);
                    to.append(':');
                    value.write(to);
                });
                to.append('}');
            }
            case LIST -> {
                to.append('[');
                items.forEach(item -> {
                    if (to.charAt(to.length() - 1) != '[') {
                        to.append(',');
                    }
                    item.write(to);
                });
                to.append(']');
            }
            case TEXT -> quote(to, text);
            case INTEGER, NUMBER, BOOLEAN -> to.append(text);
            case NULL, ABSENT -> to.append("null");
        }
    }

    private static void quote(StringBuilder to, String text) {
        to.append('"').append(JsonStringEncoder.getInstance().quoteAsString(text)).append('"');
    }
}
