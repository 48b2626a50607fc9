package io.syncline.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/** The latest {@value #MOST} requests, and the latest {@value #MOST_EFFECTS} effects. */
final class Journal {
    static final int MOST = 10_000;
    static final int MOST_EFFECTS = 200_000;

    private final Deque<Call> calls = new ArrayDeque<>();
    private final Deque<Effect> effects = new ArrayDeque<>();
    private long last;

    synchronized void write(LongFunction<Call> call, List<Effect> done) {
        if (calls.size() == MOST) {
            calls.removeFirst();
        }
        calls.addLast(call.apply(++last));
        for (Effect effect : done) {
            if (effects.size() == MOST_EFFECTS) {
                effects.removeFirst();
            }
            effects.addLast(effect.by(last));
        }
    }

    synchronized List<Effect> effects() {
        return List.copyOf(effects);
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized void clear() {
        calls.clear();
        effects.clear();
        last = 0;
    }
}
