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

    /** A comparison writes nothing, so none has to be asked for where a complete read proves enough. */
    public List<String> anyway() {
        return List.of();
    }
}
