package io.syncline.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a caller may do; each may do what those before it may. */
public enum Role {
    /** Whoever asks. It is what an operation takes that is open to anybody; no key has it. */
    ANYONE,
    /** Sees. */
    VIEWER,
    /** Starts runs. */
    OPERATOR,
    /** Settles what waits for a person. */
    REVIEWER,
    /** Everything. */
    ADMIN;

    /**
     * A role that somebody can have.
     *
     * @throws IllegalArgumentException when there is no such role; the message names those there are
     */
    public static Role of(String word) {
        return given().stream().filter(role -> role.word().equals(word)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("\"" + word + "\" is not a role. Write one of "
                        + given().stream().map(Role::word).collect(Collectors.joining(", ")) + "."));
    }

    /** Those that somebody can have, from the least to the most. */
    public static List<Role> given() {
        return Arrays.stream(values()).filter(role -> role != ANYONE).toList();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean may(Role required) {
        return compareTo(required) >= 0;
    }
}
