package io.syncline.run;

import java.time.Instant;
import java.util.List;

/**
 * How far an entity's pass had come when a page was kept: all that going on takes beside what was staged.
 *
 * @param mark      ISO 8601, or null
 * @param now       when the page was read, by the source's clock; ISO 8601, or null
 * @param uncounted how many different records the whole read must have shown, where that is still to be counted; else null
 * @param came      how many records the source delivered
 * @param anyFits   at least one of them fits what is declared
 * @param resumed   the read went on at another time than it began
 * @param cursor    what the source gave with its last page to tell later changes from, or null
 */
record Progress(String mark, String now, boolean reading, boolean provesAbsence, boolean empty, boolean keyless, boolean incomplete, Long uncounted,
                boolean resumed, boolean unconfirmed, long goneForCertain, String lastAbsentKey, long came, boolean anyFits,
                List<String> reasons, String cursor) {
    Instant markedAt() {
        return instant(mark);
    }

    Instant keptAt() {
        return instant(now);
    }

    private static Instant instant(String text) {
        return text == null ? null : Instant.parse(text);
    }
}
