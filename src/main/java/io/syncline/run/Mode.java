package io.syncline.run;

import java.util.Locale;

/** How much a run reads. */
public enum Mode {
    /** Everything; only a full run can tell what is gone. */
    FULL,
    /** What changed since the watermark. */
    INCREMENTAL,
    /** One record. */
    SINGLE,
    /** Everything, only to be compared; publishes nothing. */
    VERIFY,
    /** Nothing: it publishes what a dry run decided. */
    APPLY,
    /** Nothing: it plans to take back what another run did. */
    ROLLBACK;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
