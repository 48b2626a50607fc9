package io.syncline.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a key may do; each may do what those before it may. */
enum Role {
    /** Sees. */
    VIEWER,
    /** Starts runs. */
    OPERATOR,
    /** Settles what waits for a person. */
    REVIEWER,
    /** Everything. */
    ADMIN;

    /** @throws IllegalArgumentException when there is no such role; the message names those there are */
    static Role of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("\"" + word + "\" is not a role. Write one of "
                        + Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", ")) + "."));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean may(Role required) {
        return compareTo(required) >= 0;
    }
}
