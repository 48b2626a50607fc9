package io.syncline.run;

import io.syncline.config.SourceConfig;
import io.syncline.config.SyncConfig.WholeReads;
import io.syncline.record.TimeFormat;
import io.syncline.run.Escalation.Facts;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** When an incremental run reads everything: the decision itself, in a time of its own. */
class EscalationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final SourceConfig.Since FOREVER = new SourceConfig.Since("since", false, TimeFormat.ISO, Duration.ofMinutes(5));

    private static String reason(Duration mark, Duration whole, int failures, Set<String> remapped) {
        return reason(mark, whole, failures, remapped, FOREVER);
    }

    private static String reason(Duration mark, Duration whole, int failures, Set<String> remapped, SourceConfig.Since since) {
        Facts facts = new Facts(NOW, mark == null ? null : NOW.minus(mark), whole == null ? null : NOW.minus(whole), failures, remapped);
        return Escalation.reason(facts, WholeReads.DEFAULT, since).orElse(null);
    }

    @Test
    void whatChangedSufficesWhileEverythingIsYoungAndWell() {
        assertThat(reason(Duration.ofDays(7), Duration.ofDays(7), 2, Set.of())).isNull();
    }

    @Test
    void eachReasonIsToldInWords() {
        Duration day = Duration.ofDays(1);
        assertThat(reason(null, null, 0, Set.of())).isEqualTo("Read in full: there is no watermark to go on from.");
        assertThat(reason(Duration.ofDays(30).plusSeconds(1), day, 0, Set.of()))
                .isEqualTo("Read in full: the watermark is 30 days old, which is longer than 30 days.");
        assertThat(reason(day, day, 3, Set.of())).isEqualTo("Read in full: the last 3 incremental runs of it failed.");
        assertThat(reason(day, Duration.ofDays(8), 0, Set.of())).isEqualTo("Read in full: the last full read was 8 days ago, which is longer than 7 days.");
        assertThat(reason(day, null, 0, Set.of())).isEqualTo("Read in full: it was never read in full.");
        assertThat(reason(day, day, 0, Set.of("price", "cost"))).isEqualTo("Read in full: the mapping has changed since the last full read: cost, price.");
    }

    /** What is asked for begins an overlap before the mark, so that has to be kept, too. */
    @Test
    void aSourceThatForgetsIsAskedForChangesOnlyWhileItKnowsThem() {
        SourceConfig.Since aDay = new SourceConfig.Since("since", false, TimeFormat.ISO, Duration.ofHours(1), Duration.ofDays(1), Set.of(410));
        assertThat(reason(Duration.ofHours(23), Duration.ofHours(30), 0, Set.of(), aDay)).isNull();
        assertThat(reason(Duration.ofHours(23).plusSeconds(1), Duration.ofHours(30), 0, Set.of(), aDay))
                .isEqualTo("Read in full: the watermark is 23 hours old, and the source can tell changes for 24 hours only.");
    }
}
