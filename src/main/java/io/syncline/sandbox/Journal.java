package io.syncline.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/** The latest {@value #MOST} requests. */
final class Journal {
    static final int MOST = 10_000;

    private final Deque<Call> calls = new ArrayDeque<>();
    private long last;

    synchronized void write(LongFunction<Call> call) {
        if (calls.size() == MOST) {
            calls.removeFirst();
        }
        calls.addLast(call.apply(++last));
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized void clear() {
        calls.clear();
        last = 0;
    }
}
