package io.syncline.sandbox;

import java.time.Duration;

/** Something that goes wrong with one answer. In a script each is written as {@link FaultScript} says. */
public sealed interface Fault {
    /** The connection is reset instead of an answer. */
    record Reset() implements Fault {
    }

    /** The right answer, but the next request on the same connection finds it reset. */
    record ResetAfter() implements Fault {
    }

    /** The connection is reset, and for so long nobody is there to connect to; {@link ServiceTitanSandbox#endOutage} ends it earlier. */
    record Outage(Duration length) implements Fault {
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

    /** Whatever was asked for is done, but the connection is reset instead of an answer. */
    record LostAnswer() implements Fault {
    }

    /** Whatever was asked for is done at once, and its right answer comes so much later. */
    record LateAnswer(Duration by) implements Fault {
    }

    /** Whatever was asked for is done, and yet an error is answered. */
    record StatusAfter(int code) implements Fault {
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

    /** Half of a chunk that was announced as whole, then a proper end of the connection. */
    record HalfChunk() implements Fault {
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

    /** ISO 8859-1, and it says so. */
    record ForeignCharset() implements Fault {
    }

    /** UTF-16 without a mark, and nothing says so. */
    record Utf16() implements Fault {
    }

    /** UTF-8 that begins with a byte order mark. */
    record ByteOrderMark() implements Fault {
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

    /** Changes since a moment were asked for, but everything comes: the filter is passed over without a word. */
    record SinceIgnored() implements Fault {
    }

    /** 410 to a question for changes since a moment: the system does not keep its changes so long. Other requests are served. */
    record SinceExpired() implements Fault {
    }

    /** A field that no record has any more. */
    record WithoutField(String name) implements Fault {
    }

    /** A field that is an object in every record now, with what it was under {@code value}. */
    record FieldAsObject(String name) implements Fault {
    }

    /** The data is changed just before the answer is made, as by {@link ServiceTitanSandbox#mutate}. */
    record Mutate(long seed, int count) implements Fault {
    }

    /** Something a test does just before the answer is made. Not for scripts. */
    record Act(Runnable action) implements Fault {
    }
}
