package io.syncline.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Gathers what is wrong in one file. */
final class Mistakes {
    private static final int LONGEST = 2000;

    private final String file;
    private final List<Mistake> found = new ArrayList<>();

    Mistakes(String file) {
        this.file = file;
    }

    void add(Yaml at, String what, String cure) {
        add(at.line(), at.where(), what, cure);
    }

    void add(int line, String where, String what, String cure) {
        found.add(new Mistake(file, line, printable(where), printable(what), printable(cure)));
    }

    /** A name that leads nowhere. */
    void unknown(Yaml at, String what, Collection<String> known) {
        add(at, quoted(at.text()) + " is not " + what + ".", instead(at.text(), known));
    }

    List<Mistake> found() {
        return found;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    String file() {
        return file;
    }

    static String quoted(String text) {
        return '"' + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + '"';
    }

    /** On one line and without control characters, whatever the file holds. */
    private static String printable(String text) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return shown.codePoints().mapToObj(c -> Character.isISOControl(c) ? "?" : Character.toString(c)).collect(Collectors.joining());
    }

    /** Names what could have been written, and the likeliest of it. */
    static String instead(String written, Collection<String> known) {
        if (known.isEmpty()) {
            return "There is none that could be named here.";
        }
        if (known.size() == 1) {
            return "Write " + known.iterator().next() + ".";
        }
        String cure = "Write one of " + String.join(", ", known) + ".";
        return DidYouMean.likeliest(written, known).map(likely -> cure + " Did you mean \"" + likely + "\"?").orElse(cure);
    }
}
