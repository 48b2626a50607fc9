package io.syncline.killrig;

import java.util.EnumMap;
import java.util.Map;

/** Counts what the product does, and kills it at the point it was set for. */
final class Trap {
    /** What is to become of the thing that was just counted. */
    enum Fate { PASSES, NEVER_HAPPENS, HAPPENS_UNANSWERED }

    private final Map<KillPoint.Kind, Integer> counts = new EnumMap<>(KillPoint.Kind.class);
    private KillPoint point;
    private Process victim;
    private boolean sprung;
    private String caught;

    /** Counts from here on. @param point null to count only */
    synchronized void set(KillPoint point, Process victim) {
        for (KillPoint.Kind kind : KillPoint.Kind.values()) {
            counts.put(kind, 0);
        }
        this.point = point;
        this.victim = victim;
        this.sprung = false;
        this.caught = null;
    }

    synchronized void disarm() {
        point = null;
    }

    synchronized boolean hasSprung() {
        return sprung;
    }

    /** What the product was about to do, or had just done, when it was killed. */
    synchronized String caught() {
        return caught;
    }

    synchronized Map<KillPoint.Kind, Integer> counts() {
        return new EnumMap<>(counts);
    }

    synchronized Fate count(KillPoint.Kind kind, String what) {
        int number = counts.merge(kind, 1, Integer::sum);
        if (point == null || point.kind() != kind || point.number() != number) {
            return Fate.PASSES;
        }
        caught = what;
        if (point.before()) {
            kill();
            return Fate.NEVER_HAPPENS;
        }
        return Fate.HAPPENS_UNANSWERED;
    }

    /** SIGKILL; when this returns the process is no more. */
    synchronized void kill() {
        sprung = true;
        point = null;
        victim.destroyForcibly();
        victim.onExit().join();
    }
}
