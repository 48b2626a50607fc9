package io.syncline.source;

import io.syncline.source.SourceFailure.Kind;

/**
 * What was asked, for people: the request as it is declared, so that nothing secret can be in it.
 *
 * @param request e.g. {@code GET /v2/items, page 3}
 */
record Asked(String system, String request) {
    SourceFailure failure(Kind kind, String cameBack, String cure) {
        return failure(kind, cameBack, cure, null);
    }

    SourceFailure failure(Kind kind, String cameBack, String cure, Throwable cause) {
        String message = system + ": " + request + ": " + cameBack + ". " + cure + ".";
        return switch (kind) {
            case POSITION_LOST -> new PositionLost(message, cause);
            case MARK_LOST -> new MarkLost(message, cause);
            default -> new SourceFailure(kind, message, cause);
        };
    }

    /** A name or text of the source, fit to stand in a message: short and without control characters. */
    static String shown(String text) {
        return shown(text, 80);
    }

    static String shown(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most) + "…" : text;
        StringBuilder to = new StringBuilder(cut.length());
        // Half of a character that takes two is none.
        cut.codePoints().forEach(c -> to.appendCodePoint(Character.isISOControl(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c));
        return to.toString();
    }
}
