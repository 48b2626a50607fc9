package io.syncline.conflict;

import java.util.List;
import java.util.UUID;

/**
 * What came of deciding about many.
 *
 * @param shown  how many the preview showed
 * @param made   how many are settled
 * @param waiting how many the next publish settles
 * @param moved  how many were left alone because a side has moved since
 * @param first  some of those
 */
public record BulkDecided(UUID token, long shown, long made, long waiting, long moved, List<Left> first) {
    /** @param why in a sentence */
    public record Left(long id, String entity, String key, String why) {
    }
}
