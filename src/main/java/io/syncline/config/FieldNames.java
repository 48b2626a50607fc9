package io.syncline.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the member that a field is read from is called, where the field does not say. */
final class FieldNames {
    private FieldNames() {
    }

    /** @param style as in a sync's {@code fieldNames} */
    static String inSource(String field, String style) {
        return switch (style) {
            case "camelCase" -> {
                String name = pascal(field);
                yield name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
            }
            case "PascalCase" -> pascal(field);
            default -> field;
        };
    }

    private static String pascal(String field) {
        return Arrays.stream(field.split("_")).filter(word -> !word.isEmpty()).map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }
}
