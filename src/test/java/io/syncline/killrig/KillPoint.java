package io.syncline.killrig;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the process is killed, counted from the moment at which a run is asked for.
 *
 * @param before the request never arrives, the commit never reaches PostgreSQL; else both are done and only the answer is lost
 */
record KillPoint(Errand errand, Kind kind, boolean before, int number) {
    /** The run that is under way. */
    enum Errand {
        /** Everything, into empty tables. */
        LOAD,
        /** Everything, after some of it has changed. */
        FULL,
        /** What changed. */
        INCREMENTAL;

        boolean isWhole() {
            return this != INCREMENTAL;
        }

        String path() {
            return "/api/sync/stock/" + (isWhole() ? "full" : "incremental");
        }
    }

    enum Kind {
        /** An outgoing HTTP request. */
        REQUEST,
        /** What makes something durable in the database: a COMMIT of a transaction that wrote, or a writing statement outside of one. */
        COMMIT
    }

    /** Every point of a run that was seen to do so many of each. */
    static List<KillPoint> all(Errand errand, Map<Kind, Integer> seen) {
        List<KillPoint> points = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int number = 1; number <= seen.get(kind); number++) {
                points.add(new KillPoint(errand, kind, true, number));
                points.add(new KillPoint(errand, kind, false, number));
            }
        }
        return points;
    }

    @Override
    public String toString() {
        return errand.name().toLowerCase(Locale.ROOT) + ", " + (before ? "before " : "after ") + kind.name().toLowerCase(Locale.ROOT) + " " + number;
    }
}
