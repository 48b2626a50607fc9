package io.syncline.source;

import java.util.ArrayList;
import java.util.List;

/** The parts of a key's one text, as {@link io.syncline.record.KeyText} joins them. */
final class KeyParts {
    private KeyParts() {
    }

    /** @param count how many parts the key has; a key of one part is its text as it stands */
    static List<String> of(String text, int count) {
        if (count == 1) {
            return List.of(text);
        }
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                part.append(text.charAt(++at));
            } else if (c == '|') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }
}
