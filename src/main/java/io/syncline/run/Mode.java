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
    ROLLBACK,
    /** Nothing: it seals what people edited, settles what the system answered and people decided, and fills the outbox. */
    PUSH;

    /** Such a run has a line of its own, beside those that take long. */
    boolean isBrief() {
        return this == SINGLE || this == PUSH;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
