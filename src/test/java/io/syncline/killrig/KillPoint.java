package io.syncline.killrig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the process is killed, counted from the moment at which a run is asked for.
 *
 * @param before the request never arrives, the commit never reaches PostgreSQL; else both are done and only the answer is lost
 */
record KillPoint(Kind kind, boolean before, int number) {
    enum Kind {
        /** An outgoing HTTP request. */
        REQUEST,
        /** What makes something durable in the database: a COMMIT, or a writing statement outside of a transaction. */
        COMMIT
    }

    /** Every point of a run that was seen to do so many of each. */
    static List<KillPoint> all(Map<Kind, Integer> seen) {
        List<KillPoint> points = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int number = 1; number <= seen.get(kind); number++) {
                points.add(new KillPoint(kind, true, number));
                points.add(new KillPoint(kind, false, number));
            }
        }
        return points;
    }

    @Override
    public String toString() {
        return (before ? "before " : "after ") + kind.name().toLowerCase() + " " + number;
    }
}
