package io.syncline.api;

import java.util.Map;
import java.util.Optional;

/** The number of a run, as it stands in an address. */
final class RunNumber {
    private static final int MOST_DIGITS = 18;

    private RunNumber() {
    }

    /**
     * Empty when no run can ever have this number.
     *
     * @throws Refused when it is no number
     */
    static Optional<Long> of(String text) {
        if (!text.matches("[0-9]+")) {
            throw Refused.badRequest("A run is found by its number, in digits, as in " + RunDoor.address(42) + ".", Map.of());
        }
        return text.length() > MOST_DIGITS ? Optional.empty() : Optional.of(Long.parseLong(text));
    }
}
