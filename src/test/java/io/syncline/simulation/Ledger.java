package io.syncline.simulation;

import io.syncline.change.Outcome;
import io.syncline.record.Page;
import io.syncline.run.Mode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What outlives a process: runs with their leases, their checkpoints, and the marks. */
final class Ledger {
    final Map<Long, Life> runs = new TreeMap<>();
    final Map<String, Instant> marks = new LinkedHashMap<>();
    private long fence;
    private Life active;

    /** The life of one run, over all processes that worked on it. */
    static final class Life {
        final long id;
        final Mode mode;
        final String key;
        final String entity;
        final long began;
        final Map<String, Progress> progress = new LinkedHashMap<>();
        long fence;
        int takeovers;
        String ended;

        Life(long id, Mode mode, String entity, String key, long began) {
            this.id = id;
            this.mode = mode;
            this.entity = entity;
            this.key = key;
            this.began = began;
        }

        boolean isSingle() {
            return mode == Mode.SINGLE;
        }
    }

    /** How far an entity has got. */
    static final class Progress {
        final Instant since;
        final boolean movesMark;
        final List<Kept> pages = new ArrayList<>();
        /** The source, which tells totals, left records out of a list. */
        boolean cut;
        String failed;

        Progress(Instant since, boolean movesMark) {
            this.since = since;
            this.movesMark = movesMark;
        }

        /** The first page of parked records that returned, counted from 0; or how many pages there are. */
        int firstReturned() {
            int first = 0;
            while (first < pages.size() && pages.get(first).page != null) {
                first++;
            }
            return first;
        }

        String position() {
            String position = null;
            for (Kept kept : pages) {
                position = kept.page != null && kept.page.number() > 0 ? kept.page.resume() : position;
            }
            return position;
        }
    }

    /** A checkpoint: what came and what it led to. The page is numbered 0 for absent rows, and null for parked records that returned. */
    record Kept(Page page, int delivered, Map<Outcome, Integer> counted, Object progress) {
    }

    /** @return null where another run has the lease */
    Life accept(long id, Mode mode, String entity, String key, long second, boolean atOnce) {
        if (mode != Mode.SINGLE && active != null && active.ended == null && !atOnce) {
            return null;
        }
        Life life = new Life(id, mode, entity, key, second);
        life.fence = ++fence;
        runs.put(id, life);
        if (mode != Mode.SINGLE) {
            active = life;
        }
        return life;
    }

    boolean isFree() {
        return active == null || active.ended != null;
    }

    /** Another process goes on with it. */
    void takeOver(Life life) {
        life.fence = ++fence;
        life.takeovers++;
    }

    /** Promise 22: whoever no longer holds the run writes nothing. */
    void guard(Life life, long fence) {
        if (life.ended != null || life.fence != fence || !life.isSingle() && active != life) {
            throw new FencedOut();
        }
    }

    /** Somebody else has the run now. */
    static final class FencedOut extends RuntimeException {
        FencedOut() {
            super("fenced out", null, false, false);
        }
    }
}
