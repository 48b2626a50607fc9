package io.syncline.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The system's own clock: it drives change times and the Date header. Runs with ours until it is set or shifted. */
public final class SandboxClock {
    private final Clock ours = Clock.systemUTC();
    private Duration shift = Duration.ZERO;
    private Instant stopped;

    /** To 100 nanoseconds, as .NET counts. */
    public synchronized Instant now() {
        Instant now = stopped == null ? ours.instant().plus(shift) : stopped;
        return now.minusNanos(now.getNano() % 100);
    }

    /** Stops the clock at this moment, until it is advanced or released. */
    public synchronized void set(Instant moment) {
        stopped = moment;
    }

    /** Moves the clock, stopped or running; a negative duration moves it back. */
    public synchronized void advance(Duration by) {
        if (stopped == null) {
            shift = shift.plus(by);
        } else {
            stopped = stopped.plus(by);
        }
    }

    /** Runs with ours again. */
    public synchronized void release() {
        stopped = null;
        shift = Duration.ZERO;
    }

    /** A moment as it is shown by .NET: always seven digits. */
    static String text(Instant moment) {
        String seconds = moment.truncatedTo(ChronoUnit.SECONDS).toString();
        return "%s.%07dZ".formatted(seconds.substring(0, seconds.length() - 1), moment.getNano() / 100);
    }
}
