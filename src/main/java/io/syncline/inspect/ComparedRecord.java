package io.syncline.inspect;

import java.util.List;

/**
 * A record that stands otherwise in one snapshot than in another.
 *
 * @param kind    {@code added}, {@code removed} or {@code changed}
 * @param changed the fields that it says differently, all of them where it is there in one of the two only; empty where its content was removed since
 * @param erased  whether what it said is not there any more in one of the two
 */
public record ComparedRecord(long row, String key, String kind, List<FieldChange> changed, boolean erased) {
}
