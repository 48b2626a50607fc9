package io.syncline.record;

import java.util.List;
import java.util.stream.Collectors;

/** A record's key as one text. Parts are joined so that different keys never meet: {@code a|bc} and {@code ab|c} stay apart. */
final class KeyText {
    private KeyText() {
    }

    static String join(List<String> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return parts.stream().map(part -> part.replace("\\", "\\\\").replace("|", "\\|")).collect(Collectors.joining("|"));
    }
}
