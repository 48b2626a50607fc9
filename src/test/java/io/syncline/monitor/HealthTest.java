package io.syncline.monitor;

import io.syncline.monitor.Health.Active;
import io.syncline.monitor.Health.Ended;
import io.syncline.monitor.Health.Facts;
import io.syncline.monitor.Health.Successes;
import io.syncline.monitor.Health.Times;
import io.syncline.monitor.Health.Waiting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** The rules of the colours, as a table: what is so, which colour, and the first thing that is said. */
class HealthTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:05:00Z");
    private static final Waiting NOTHING = new Waiting(0, 0, 0);
    private static final Ended FULL = ended(7, "full", "published", 600);
    private static final Ended INCREMENTAL = ended(8, "incremental", "published", 10);
    private static final Successes BOTH = new Successes(ago(600), ago(10));

    private static Instant ago(long minutes) {
        return NOW.minus(Duration.ofMinutes(minutes));
    }

    private static Ended ended(long run, String mode, String state, long minutes) {
        return new Ended(run, mode, state, ago(minutes), state.equals("failed") ? "items: the source answered 500." : null);
    }

    /** Every quarter of an hour: of the last times, 12:00, 11:45, 11:30 and 11:15 have passed. */
    private static Times quarters(String mode, String pausedBy) {
        return new Times("goods-default-" + mode, mode, "0 0/15 * * * ?", "UTC", Duration.ZERO, ago(10_000), pausedBy);
    }

    private static Facts facts(List<Ended> runs, Successes successes, Active active, List<Times> schedules, Waiting waits) {
        return new Facts(NOW, runs, successes, active, schedules, waits, Health.Pushes.NONE, Health.Webhooks.NONE);
    }

    private static Facts pushes(long pending, long refused, long unknown, String barred, boolean locked) {
        return new Facts(NOW, List.of(INCREMENTAL, FULL), BOTH, null, List.of(), NOTHING, new Health.Pushes(pending, refused, unknown, barred, locked),
                Health.Webhooks.NONE);
    }

    private static Facts told(long failed, String reason) {
        return new Facts(NOW, List.of(INCREMENTAL, FULL), BOTH, null, List.of(), NOTHING, Health.Pushes.NONE, new Health.Webhooks(3, failed, 77L, reason));
    }

    private static Facts successAgo(long minutes, Active active) {
        return facts(List.of(INCREMENTAL), new Successes(null, ago(minutes)), active, List.of(quarters("incremental", null)), NOTHING);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                arguments("all went well", Colour.GREEN, "In step; nothing waits for anybody.",
                        facts(List.of(INCREMENTAL, FULL), BOTH, null, List.of(quarters("incremental", null)), NOTHING)),
                arguments("no schedule, an old success", Colour.GREEN, "In step; nothing waits for anybody.",
                        facts(List.of(FULL), new Successes(ago(100_000), ago(100_000)), null, List.of(), NOTHING)),
                arguments("an edit is on its way", Colour.YELLOW, "1 edit has not been agreed upon with the system yet.", pushes(1, 0, 0, null, false)),
                arguments("an edit was refused", Colour.YELLOW, "1 edit was refused by the system; change it or discard it.", pushes(1, 1, 0, null, false)),
                arguments("nobody knows of two edits", Colour.RED,
                        "2 edits were sent, and nobody can tell whether they arrived; look there and settle them.", pushes(3, 1, 2, null, false)),
                arguments("the system asks for time", Colour.YELLOW, "Nothing is sent to the system: it asked to wait.",
                        pushes(1, 0, 0, "it asked to wait.", false)),
                arguments("the system lets nobody in", Colour.RED, "Nothing is sent to the system: it answered 403.",
                        pushes(1, 0, 0, "it answered 403.", true)),
                arguments("messages wait to be read", Colour.GREEN, "In step; nothing waits for anybody.", told(0, null)),
                arguments("a message led to nothing", Colour.YELLOW, "What the system told of a record by webhook 77 could not be read: it answered 500."
                        + " Have it replayed, or run in full.", told(1, "it answered 500")),
                arguments("messages led to nothing", Colour.YELLOW, "4 records that the system told of by webhooks could not be read, the last by webhook 77:"
                        + " It answered 500. Have it replayed, or run in full.", told(4, "It answered 500.")),
                arguments("it has never run", Colour.YELLOW, "It has never run.", facts(List.of(), new Successes(null, null), null, List.of(), NOTHING)),
                arguments("the last run failed", Colour.RED, "The last incremental run (9) failed: items: the source answered 500.",
                        facts(List.of(ended(9, "incremental", "failed", 1), FULL), BOTH, null, List.of(), NOTHING)),
                arguments("a full run failed, and an incremental one went well since", Colour.YELLOW,
                        "The last full run (6) failed: items: the source answered 500.",
                        facts(List.of(INCREMENTAL, ended(6, "full", "failed", 60)), BOTH, null, List.of(), NOTHING)),
                arguments("the last run was partial", Colour.YELLOW, "The last full run (9) was partial: something stayed out of it.",
                        facts(List.of(ended(9, "full", "partial", 1)), BOTH, null, List.of(), NOTHING)),
                arguments("the last run was cancelled", Colour.YELLOW, "The last full run (9) was cancelled.",
                        facts(List.of(ended(9, "full", "cancelled", 1)), BOTH, null, List.of(), NOTHING)),
                arguments("one time was missed", Colour.GREEN, "In step; nothing waits for anybody.", successAgo(10, null)),
                arguments("two times were missed", Colour.YELLOW, "No incremental run has succeeded since 2026-11-21T11:41:00Z, though the schedule "
                        + "goods-default-incremental has come twice since.", successAgo(24, null)),
                arguments("three times were missed", Colour.RED, "No incremental run has succeeded since 2026-11-21T11:25:00Z, though the schedule "
                        + "goods-default-incremental has come three times or more since.", successAgo(40, null)),
                arguments("three times were missed because a run takes long", Colour.YELLOW,
                        "No incremental run has succeeded since 2026-11-21T11:25:00Z, though "
                        + "the schedule goods-default-incremental has come three times or more since. Run 9 (full) is under way.",
                        successAgo(40, new Active(9, "full", false))),
                arguments("a full run is as good as an incremental one", Colour.GREEN, "In step; nothing waits for anybody.",
                        facts(List.of(FULL), new Successes(ago(3), ago(3)), null, List.of(quarters("incremental", null)), NOTHING)),
                arguments("an incremental run is not as good as a full one", Colour.RED,
                        "No full run has succeeded yet, though the schedule goods-default-full "
                        + "has come three times or more since.",
                        facts(List.of(INCREMENTAL), new Successes(null, ago(3)), null, List.of(quarters("full", null)), NOTHING)),
                arguments("a schedule is younger than its first three times", Colour.GREEN, "In step; nothing waits for anybody.",
                        facts(List.of(FULL), new Successes(ago(5000), ago(5000)), null,
                                List.of(new Times("new", "full", "0 0/15 * * * ?", "UTC", Duration.ZERO, ago(12), null)), NOTHING)),
                arguments("a time may come later by the jitter", Colour.YELLOW,
                        "No incremental run has succeeded since 2026-11-21T11:25:00Z, though the schedule "
                        + "late has come twice since.", facts(List.of(INCREMENTAL), new Successes(null, ago(40)), null,
                                List.of(new Times("late", "incremental", "0 0/15 * * * ?", "UTC", Duration.ofMinutes(5), ago(10_000), null)), NOTHING)),
                arguments("a paused schedule misses nothing", Colour.YELLOW, "The schedule goods-default-full is paused by Ann.",
                        facts(List.of(FULL), BOTH, null, List.of(quarters("full", "Ann")), NOTHING)),
                arguments("the run under way is silent", Colour.YELLOW, "Run 9 (full) says no more that it is alive; it is taken over soon.",
                        facts(List.of(FULL), BOTH, new Active(9, "full", true), List.of(), NOTHING)),
                arguments("a conflict", Colour.YELLOW, "1 record was changed on both sides and waits for a decision.",
                        facts(List.of(FULL), BOTH, null, List.of(), new Waiting(1, 0, 0))),
                arguments("records set aside", Colour.YELLOW, "2 records were set aside; they need attention.",
                        facts(List.of(FULL), BOTH, null, List.of(), new Waiting(0, 2, 0))),
                arguments("held deletes", Colour.YELLOW, "3 deletes are held for approval.",
                        facts(List.of(FULL), BOTH, null, List.of(), new Waiting(0, 0, 3))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void theColourAndTheFirstReason(String so, Colour colour, String first, Facts facts) {
        Health health = Health.of(facts);
        assertThat(health.colour()).as(health.why().toString()).isEqualTo(colour);
        assertThat(health.why().get(0)).isEqualTo(first);
    }

    @Test
    void whatIsGraveComesFirstAndNothingIsLeftOut() {
        Health health = Health.of(facts(List.of(ended(9, "full", "failed", 1)), new Successes(null, null), null, List.of(quarters("incremental", "Ann")),
                new Waiting(1, 1, 1)));
        assertThat(health.colour()).isEqualTo(Colour.RED);
        assertThat(health.why()).hasSize(5);
        assertThat(health.why().get(0)).startsWith("The last full run (9) failed");
    }

    @Test
    void timesAreThoseOfTheSchedulesZone() {
        Times noonInTokyo = new Times("noon", "full", "0 0 12 * * ?", "Asia/Tokyo", Duration.ZERO, ago(100_000), null);
        Successes success = new Successes(Instant.parse("2026-11-20T02:00:00Z"), Instant.parse("2026-11-20T02:00:00Z"));
        assertThat(Health.of(facts(List.of(FULL), success, null, List.of(noonInTokyo), NOTHING)).why().get(0)).contains("has come twice since");
    }
}
