package io.syncline.conflict;

import io.syncline.config.EntityConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What each decision about a conflict would write where. */
final class Outlooks {
    static final String USE_SOURCE = "use_source";
    static final String USE_LOCAL = "use_local";
    static final String MERGED = "merged";

    private final Conflict conflict;
    private final Sides sides;
    private final boolean deletedHere;
    private final boolean deletedThere;
    private final Reach reach;
    private final String system;

    /** @param system as people know it */
    Outlooks(Conflict conflict, EntityConfig entity, Sides sides, boolean deletedHere, String system) {
        this.conflict = conflict;
        this.sides = sides;
        this.deletedHere = deletedHere;
        this.deletedThere = conflict.isGoneThere();
        this.reach = Reach.of(entity);
        this.system = system;
    }

    List<Outlook> all() {
        List<Outlook> all = new ArrayList<>(List.of(theirs(), ours()));
        all.add(merged(sides.merged(), sides.disputed()));
        return all;
    }

    Outlook theirs() {
        if (deletedThere) {
            return new Outlook(USE_SOURCE, null, new Outlook.Write("delete", sides.difference(sides.ours(), sides.base(), false)), Outlook.Write.NOTHING,
                    List.of());
        }
        List<Outlook.FieldWrite> fields = sides.difference(sides.ours(), sides.theirs(), false);
        return new Outlook(USE_SOURCE, null, deletedHere ? new Outlook.Write("restore", fields) : Outlook.Write.update(fields), Outlook.Write.NOTHING,
                List.of());
    }

    Outlook ours() {
        if (deletedHere) {
            return new Outlook(USE_LOCAL, reach.why(Reach.Way.DELETE, system), Outlook.Write.NOTHING, new Outlook.Write("delete", List.of()), List.of());
        }
        return new Outlook(USE_LOCAL, whyNotThere(), Outlook.Write.NOTHING, there(sides.ours()), List.of());
    }

    /** @param needs disputed fields that nobody has said anything about */
    Outlook merged(Map<String, String> merged, List<String> needs) {
        List<Outlook.FieldWrite> fields = sides.difference(sides.ours(), merged, false);
        return new Outlook(MERGED, whyNotThere(), deletedHere ? new Outlook.Write("restore", fields) : Outlook.Write.update(fields), there(merged), needs);
    }

    private String whyNotThere() {
        return deletedThere ? reach.whyNotBack(system) : reach.why(Reach.Way.UPDATE, system);
    }

    private Outlook.Write there(Map<String, String> document) {
        return deletedThere ? new Outlook.Write(reach.wayBack(), sides.difference(Map.of(), document, true))
                : Outlook.Write.update(sides.difference(sides.theirs(), document, true));
    }

    Conflict conflict() {
        return conflict;
    }
}
