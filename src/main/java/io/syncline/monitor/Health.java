package io.syncline.monitor;

import org.quartz.CronExpression;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;

/**
 * The colour of a sync and why, the gravest first. Pure: the rules stand here and nowhere else.
 *
 * @param why at least one sentence, also for green
 */
public record Health(Colour colour, List<String> why) {
    /** A scheduled time counts as missed only after this and the schedule's jitter. */
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final int MISSED_TO_BE_LATE = 2;
    private static final int MISSED_TO_BE_RED = 3;

    /**
     * What the rules look at.
     *
     * @param now       when the others were read
     * @param runs      the last full and the last incremental run of the whole sync that have ended, the newest first
     * @param successes when the last of each kind succeeded began; a full run is as good as an incremental one
     * @param active    the run under way, or null
     * @param waits     the records that wait for a person or another record
     * @param pushes    what people did here and the system has not taken yet
     * @param webhooks  what the system told by itself
     */
    public record Facts(Instant now, List<Ended> runs, Successes successes, Active active, List<Times> schedules, Waiting waits, Pushes pushes,
                        Webhooks webhooks) {
    }

    /**
     * What the system told by itself.
     *
     * @param waiting messages whose records are being read, or are to be
     * @param failed  messages whose records could not be read, and have not been since
     * @param last    the newest of them; null where there is none
     * @param reason  why it failed
     */
    public record Webhooks(long waiting, long failed, Long last, String reason) {
        static final Webhooks NONE = new Webhooks(0, 0, null, null);
    }

    /**
     * What is on its way to the system.
     *
     * @param pending rows that were edited and are not agreed upon yet, whatever keeps them
     * @param refused edits that the system refused
     * @param unknown edits of which nobody can tell whether they arrived
     * @param barred  why nothing at all is sent just now, or null
     * @param locked  it is not let in, rather than asked to wait
     */
    public record Pushes(long pending, long refused, long unknown, String barred, boolean locked) {
        static final Pushes NONE = new Pushes(0, 0, 0, null, false);
    }

    /** A run that has ended. */
    public record Ended(long run, String mode, String state, Instant at, String failure) {
    }

    /** When the last successful runs began; null where there is none. */
    public record Successes(Instant full, Instant any) {
    }

    /** @param silent its process has not said for so long that it is alive that another is to take it over */
    public record Active(long run, String mode, boolean silent) {
    }

    /** @param since since when it has been in the files */
    public record Times(String name, String mode, String cron, String zone, Duration jitter, Instant since, String pausedBy) {
    }

    /** How many there are of each. */
    public record Waiting(long conflicts, long attention, long held) {
    }

    static Health of(Facts facts) {
        List<String> red = new ArrayList<>();
        List<String> yellow = new ArrayList<>();
        facts.runs().forEach(run -> ended(run, run == facts.runs().get(0) ? red : yellow, yellow));
        facts.schedules().forEach(schedule -> missed(schedule, facts, red, yellow));
        if (facts.active() != null && facts.active().silent()) {
            yellow.add("Run " + facts.active().run() + " (" + facts.active().mode() + ") says no more that it is alive; it is taken over soon.");
        }
        waiting(facts.waits(), yellow);
        pushes(facts.pushes(), red, yellow);
        webhooks(facts.webhooks(), yellow);
        if (facts.successes().any() == null && facts.runs().isEmpty()) {
            yellow.add("It has never run.");
        }
        if (!red.isEmpty()) {
            red.addAll(yellow);
            return new Health(Colour.RED, List.copyOf(red));
        }
        if (!yellow.isEmpty()) {
            return new Health(Colour.YELLOW, List.copyOf(yellow));
        }
        return new Health(Colour.GREEN, List.of("In step; nothing waits for anybody."));
    }

    private static void ended(Ended run, List<String> grave, List<String> yellow) {
        String what = "The last " + run.mode() + " run (" + run.run() + ")";
        if (run.state().equals("failed")) {
            grave.add(what + " failed" + (run.failure() == null ? "." : ": " + run.failure()));
        } else if (run.state().equals("partial")) {
            yellow.add(what + " was partial: something stayed out of it.");
        } else if (run.state().equals("cancelled")) {
            yellow.add(what + " was cancelled.");
        }
    }

    private static void missed(Times schedule, Facts facts, List<String> red, List<String> yellow) {
        if (schedule.pausedBy() != null) {
            yellow.add("The schedule " + schedule.name() + " is paused by " + schedule.pausedBy() + ".");
            return;
        }
        Instant success = schedule.mode().equals("full") ? facts.successes().full() : facts.successes().any();
        int missed = missed(schedule, success == null || success.isBefore(schedule.since()) ? schedule.since() : success, facts.now());
        if (missed < MISSED_TO_BE_LATE) {
            return;
        }
        String late = "No " + schedule.mode() + " run has succeeded " + (success == null ? "yet" : "since " + success.truncatedTo(ChronoUnit.SECONDS))
                + ", though the schedule " + schedule.name() + " has come " + (missed < MISSED_TO_BE_RED ? "twice" : "three times or more") + " since.";
        if (facts.active() != null) {
            yellow.add(late + " Run " + facts.active().run() + " (" + facts.active().mode() + ") is under way.");
        } else {
            (missed < MISSED_TO_BE_RED ? yellow : red).add(late);
        }
    }

    /** How many of its times have passed since; it counts no further than it has to. */
    private static int missed(Times schedule, Instant since, Instant now) {
        try {
            CronExpression cron = new CronExpression(schedule.cron());
            cron.setTimeZone(TimeZone.getTimeZone(schedule.zone()));
            Date passed = Date.from(now.minus(GRACE).minus(schedule.jitter()));
            int missed = 0;
            for (Date time = cron.getNextValidTimeAfter(Date.from(since)); time != null && time.before(passed) && missed < MISSED_TO_BE_RED;
                 time = cron.getNextValidTimeAfter(time)) {
                missed++;
            }
            return missed;
        } catch (ParseException e) {
            throw new IllegalStateException("a stored cron expression was checked when it was read: " + schedule.cron(), e);
        }
    }

    private static void waiting(Waiting waits, List<String> yellow) {
        say(waits.conflicts(), "record was changed on both sides and waits for a decision.",
                "records were changed on both sides and wait for a decision.", yellow);
        say(waits.attention(), "record was set aside; it needs attention.", "records were set aside; they need attention.", yellow);
        say(waits.held(), "delete is held for approval.", "deletes are held for approval.", yellow);
    }

    /** Red is what no run mends by itself: a system that lets nobody in, and writes of which nobody knows. What was refused holds up nothing else. */
    private static void pushes(Pushes pushes, List<String> red, List<String> yellow) {
        if (pushes.barred() != null) {
            (pushes.locked() ? red : yellow).add("Nothing is sent to the system: " + pushes.barred());
        }
        say(pushes.unknown(), "edit was sent, and nobody can tell whether it arrived; look there and settle it.",
                "edits were sent, and nobody can tell whether they arrived; look there and settle them.", red);
        say(pushes.refused(), "edit was refused by the system; change it or discard it.",
                "edits were refused by the system; change them or discard them.", yellow);
        say(pushes.pending() - pushes.refused() - pushes.unknown(), "edit has not been agreed upon with the system yet.",
                "edits have not been agreed upon with the system yet.", yellow);
    }

    /** Yellow, because schedules find by themselves what is only hinted at. */
    private static void webhooks(Webhooks webhooks, List<String> yellow) {
        if (webhooks.failed() > 0) {
            yellow.add((webhooks.failed() == 1 ? "What the system told of a record by webhook " + webhooks.last() + " could not be read: "
                    : webhooks.failed() + " records that the system told of by webhooks could not be read, the last by webhook " + webhooks.last() + ": ")
                    + sentence(webhooks.reason()) + " Have it replayed, or run in full.");
        }
    }

    private static String sentence(String reason) {
        String said = reason == null ? "nobody knows why" : reason.strip();
        return said.endsWith(".") ? said : said + ".";
    }

    private static void say(long count, String one, String many, List<String> yellow) {
        if (count > 0) {
            yellow.add(count + " " + (count == 1 ? one : many));
        }
    }
}
