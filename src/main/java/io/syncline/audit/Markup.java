package io.syncline.audit;

import java.util.Locale;

/** Texts as HTML. What a record says is never markup, and nothing in it can hide or turn around what stands beside it. */
final class Markup {
    private Markup() {
    }

    /** Exactly this text, whatever it holds. */
    static String exact(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    /** The text that {@link #exact} was made of. */
    static String read(String markup) {
        return markup.replace("&#39;", "'").replace("&quot;", "\"").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
    }

    /** For people: characters that nobody sees, or that change the direction of others, are named. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("<bdi>");
        text.codePoints().forEach(c -> {
            if (isUnseen(c)) {
                shown.append("<span class=\"u\">").append(String.format(Locale.ROOT, "U+%04X", c)).append("</span>");
            } else {
                shown.append(exact(Character.toString(c)));
            }
        });
        return shown.append("</bdi>").toString();
    }

    private static boolean isUnseen(int c) {
        if (c == '\n' || c == '\t') {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
