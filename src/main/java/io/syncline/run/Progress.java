package io.syncline.run;

import java.time.Instant;
import java.util.List;

/**
 * How far an entity's pass had come when a page was kept: all that going on takes beside what was staged.
 *
 * @param mark      ISO 8601, or null
 * @param uncounted how many different records the whole read must have shown, where that is still to be counted; else null
 * @param came      how many records the source delivered
 * @param anyFits   at least one of them fits what is declared
 * @param resumed   the read went on at another time than it began
 */
record Progress(String mark, boolean reading, boolean provesAbsence, boolean empty, boolean keyless, boolean incomplete, Long uncounted, boolean resumed,
                boolean unconfirmed, long goneForCertain, String lastAbsentKey, long came, boolean anyFits,
                List<String> reasons) {
    Instant markedAt() {
        return mark == null ? null : Instant.parse(mark);
    }
}
