package io.syncline.config;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ${NAME}} and {@code ${NAME:default}} in a text. What is filled in is never searched for placeholders again. */
final class Placeholders {
    private static final Pattern ANY = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_.]*)(?::([^}]*))?}");

    private Placeholders() {
    }

    static boolean in(String text) {
        return ANY.matcher(text).find();
    }

    /** Their names, in order. */
    static List<String> names(String text) {
        return ANY.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** Something in it was meant as a placeholder and is none: {@code ${NAME WITH BLANKS}}, {@code ${NAME} without its brace, one inside another. */
    static boolean malformed(String text) {
        return ANY.matcher(text).results().anyMatch(match -> match.group(2) != null && match.group(2).contains("${"))
                || ANY.matcher(text).replaceAll("").contains("${");
    }

    /**
     * @param find    the value of a name, or null
     * @param missing what stands for a name that has neither a value nor a default, or throws
     */
    static String fill(String text, UnaryOperator<String> find, Function<String, String> missing) {
        return ANY.matcher(text).replaceAll(match -> Matcher.quoteReplacement(filled(match, find, missing)));
    }

    private static String filled(MatchResult match, UnaryOperator<String> find, Function<String, String> missing) {
        String value = find.apply(match.group(1));
        if (value != null) {
            return value;
        }
        return match.group(2) != null ? match.group(2) : missing.apply(match.group(1));
    }
}
