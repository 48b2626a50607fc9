package io.syncline.conflict;

import io.syncline.record.Field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What each decision about a conflict would write where. */
final class Outlooks {
    static final String USE_SOURCE = "use_source";
    static final String USE_LOCAL = "use_local";
    static final String MERGED = "merged";

    private final Sides sides;
    private final boolean deletedHere;
    private final boolean deletedThere;
    private final Reach reach;
    private final String system;

    /** @param system as people know it */
    Outlooks(Conflict conflict, Sides sides, boolean deletedHere, String system) {
        this.sides = sides;
        this.deletedHere = deletedHere;
        this.deletedThere = conflict.isGoneThere();
        this.reach = sides.reach();
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
            boolean sends = reach.isWritten() && !deletedThere;
            return new Outlook(USE_LOCAL, reach.whyNotDeleted(system), Outlook.Write.NOTHING, sends ? new Outlook.Write("delete", List.of())
                    : Outlook.Write.NOTHING, List.of());
        }
        Outlook.Write there = there(sides.kept());
        return new Outlook(USE_LOCAL, whyNotThere(there, sides.kept()), Outlook.Write.update(sides.difference(sides.ours(), sides.kept(), false)), there,
                List.of());
    }

    /** @param needs disputed fields that nobody has said anything about */
    Outlook merged(Map<String, String> merged, List<String> needs) {
        List<Outlook.FieldWrite> fields = sides.difference(sides.ours(), merged, false);
        Outlook.Write there = there(merged);
        return new Outlook(MERGED, whyNotThere(there, merged), deletedHere ? new Outlook.Write("restore", fields) : Outlook.Write.update(fields), there, needs);
    }

    private String whyNotThere(Outlook.Write there, Map<String, String> document) {
        if (deletedThere) {
            List<String> missing = reach.neededAnew().stream().filter(field -> isNull(document.get(field))).toList();
            return missing.isEmpty() ? reach.whyNotBack(system) : Reach.whyNotAnew(String.join(", ", missing), system);
        }
        List<Field> nulls = there.fields().stream().filter(write -> isNull(write.says()))
                .map(write -> sides.shape().fields().get(sides.shape().position(write.field()))).toList();
        String why = there.fields().isEmpty() ? null : reach.whyNotChanged(system);
        return why == null ? reach.whyNotNull(nulls, system) : why;
    }

    private static boolean isNull(String says) {
        return says == null || says.equals("null");
    }

    private Outlook.Write there(Map<String, String> document) {
        if (!reach.isWritten()) {
            return Outlook.Write.NOTHING;
        }
        return deletedThere ? new Outlook.Write(reach.wayBack(), sides.difference(Map.of(), document, true))
                : Outlook.Write.update(sides.difference(sides.theirs(), document, true));
    }
}
