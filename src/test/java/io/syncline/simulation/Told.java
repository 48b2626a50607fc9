package io.syncline.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What is in the store in memory, in the words in which PostgreSQL is asked for the same. */
final class Told {
    private final MemoryHub hub;
    private final List<String> lines = new ArrayList<>();

    Told(MemoryHub hub) {
        this.hub = hub;
    }

    List<String> lines() {
        for (MemoryHub.Table table : hub.tables.values()) {
            String name = table.entity.name();
            table.byId.values().forEach(row -> lines.add(name + " row " + row.key + " " + row.document
                    + (row.deleted ? row.deletedHere ? " deleted here" : " deleted there" : "")
                    + " agreed " + hex(row.agreed) + " " + row.version + " " + row.modified + " base " + row.base + (row.conflict == null ? "" : " conflict")
                    + " revision " + row.revision + " snapshot " + row.snapshot + " note " + row.note
                    + (row.pending ? " pending" : "")));
            table.history.forEach(past -> lines.add(name + " past " + past.key() + " revision " + past.revision() + " " + past.from() + ".." + past.to()
                    + (past.deleted() ? " deleted " : " ") + past.document()));
            table.conflicts.forEach(conflict -> lines.add(name + " conflict " + conflict));
            table.attention.forEach(entry -> lines.add(name + " attention " + entry.kind + " " + entry.key + " open " + entry.document + " " + entry.version
                    + " " + entry.modified + " " + entry.deleted));
            table.closed.forEach(entry -> lines.add(name + " attention " + entry.substring(0, entry.indexOf(' ')) + " closed"));
        }
        if (hub.isTwoWay()) {
            hub.outbox.all.values().forEach(push -> lines.add(push.entity + " push " + push.action.name().toLowerCase(Locale.ROOT) + " of " + push.key
                    + " formerly " + push.formerKey + " "
                    + push.document + " " + push.state.name().toLowerCase(Locale.ROOT) + " upon " + hex(push.agreedHash) + " "
                    + push.agreed + " made " + push.made + " answered " + (push.answered == null ? null : push.answered.document()) + " after " + push.attempts
                    + (push.firstSent == Push.NEVER ? " unsent" : "") + (push.worker == null ? " free" : "")));
        }
        for (int number = 1; number <= hub.snapshots.size(); number++) {
            lines.add("snapshot " + number);
        }
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    private static String hex(byte[] hash) {
        return hash == null ? "null" : HexFormat.of().formatHex(hash);
    }
}
