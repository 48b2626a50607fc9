package io.syncline.record;

/** A value that its field cannot hold; the message continues the sentence "price: "abc" …". */
final class UnfitValue extends RuntimeException {
    private static final int MOST_SHOWN = 60;

    UnfitValue(String message) {
        super(message, null, false, false);
    }

    /** What the source sent, short, and without anything that a table, a log or a terminal cannot hold. */
    static String quoted(String text) {
        StringBuilder shown = new StringBuilder().append('"');
        text.codePoints().limit(MOST_SHOWN)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .forEach(shown::appendCodePoint);
        return shown.append(text.codePointCount(0, text.length()) > MOST_SHOWN ? "…\"" : "\"").toString();
    }
}
