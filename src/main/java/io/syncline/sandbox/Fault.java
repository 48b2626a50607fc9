package io.syncline.sandbox;

import java.time.Duration;

/** Something that goes wrong with one answer. In a script each is written as {@link FaultScript} says. */
public sealed interface Fault {
    /** The connection is reset instead of an answer. */
    record Reset() implements Fault {
    }

    /** The right answer, late. */
    record Delay(Duration by) implements Fault {
    }

    /**
     * An error of the system's.
     *
     * @param retryAfter the Retry-After header, or null for none
     * @param asDate     it is written as a date by the sandbox's clock, not as seconds
     */
    record Status(int code, Duration retryAfter, boolean asDate) implements Fault {
        public Status(int code) {
            this(code, null, false);
        }
    }

    /** 200 with a maintenance page. */
    record Html() implements Fault {
    }

    /** 200 with no byte in it. */
    record EmptyBody() implements Fault {
    }

    /** Half of the announced bytes, then a reset. */
    record HalfBody() implements Fault {
    }

    /** The first half of the JSON, announced as if it were all: only a parser notices. */
    record CutJson() implements Fault {
    }

    /** The right answer in many small pieces. */
    record Drip(Duration overall) implements Fault {
    }

    /** Bytes in ISO 8859-1 that claim to be UTF-8. */
    record WrongCharset() implements Fault {
    }

    /** {@code "data": null}. */
    record NullData() implements Fault {
    }

    /** {@code "totalCount": null} although it was asked for. */
    record NullTotal() implements Fault {
    }

    /** {@code "hasMore": true} for ever, beyond the total. */
    record MoreForever() implements Fault {
    }

    /** The rows of the page before, under the number that was asked for. */
    record RepeatedPage() implements Fault {
    }

    /** The first rows stand on the page twice. */
    record DuplicateRows(int rows) implements Fault {
    }

    /** The page begins so many rows too late, as if rows before it had gone meanwhile; negative: too early. Nothing has changed in truth. */
    record Shift(int rows) implements Fault {
    }

    /** A page without rows that says it is the last. */
    record EmptyPage() implements Fault {
    }

    /** The data is changed just before the answer is made, as by {@link ServiceTitanSandbox#mutate}. */
    record Mutate(long seed, int count) implements Fault {
    }

    /** Something a test does just before the answer is made. Not for scripts. */
    record Act(Runnable action) implements Fault {
    }
}
