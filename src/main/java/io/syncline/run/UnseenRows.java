package io.syncline.run;

import java.util.List;

/**
 * A batch of live rows that a whole read did not show.
 *
 * @param tooMany there are so many that the source is not asked for each of them
 */
public record UnseenRows(List<String> keys, boolean tooMany) {
    /** The keys to ask the source for. */
    public List<String> asked() {
        return tooMany ? List.of() : keys;
    }
}
