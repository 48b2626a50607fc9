package io.syncline.source;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Percent-encoding for every place of a URL: all but letters, digits and {@code - . _ ~}. A blank is {@code %20}, a plus {@code %2B}. */
final class Encoded {
    private static final String UNRESERVED = "-._~";
    private static final int SHORTEST_TOKEN = 6;

    private Encoded() {
    }

    static String text(String text) {
        return text(text, "");
    }

    /** @param alsoPlain characters that may stand as they are here */
    static String text(String text, String alsoPlain) {
        StringBuilder to = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED.indexOf(c) >= 0 || alsoPlain.indexOf(c) >= 0;
            if (plain) {
                to.append(c);
            } else {
                to.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return to.toString();
    }

    /** Encodes only what no URL may hold, for links that a source wrote less than carefully. */
    static String mended(String link) {
        return text(link, "!#$%&'()*+,/:;=?@[]");
    }

    /** Whether a text holds one of the values in the query of an address, as it stands there or decoded. */
    static boolean repeats(String text, String link) {
        for (String part : link.substring(link.indexOf('?') + 1).split("[&=\"]")) {
            if (part.length() >= SHORTEST_TOKEN && (text.contains(part) || text.contains(decoded(part)))) {
                return true;
            }
        }
        return false;
    }

    static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }
}
