package io.syncline.simulation;

import io.syncline.source.WriteOrder;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import static io.syncline.simulation.PromiseOracle.require;

/** Promises 1, 4 and 11 to 13 of what is written to the source, held against the source's own journal of what took effect. */
final class PushOracle {
    private final MemoryHub hub;
    private final Story story;
    private final Set<Long> effects = new HashSet<>();
    private final Map<Row, String> made = new HashMap<>();
    private final Map<Integer, Row> ours = new HashMap<>();

    PushOracle(MemoryHub hub, Story story) {
        this.hub = hub;
        this.story = story;
    }

    void wrote(WriteOrder order, Version now, Version before) {
        Push push = hub.outbox.all.get(new UUID(0, order.id().getLeastSignificantBits()));
        String what = push + " as change " + now.number();
        require(effects.add(order.id().getLeastSignificantBits()), 12, () -> what + " took effect twice");
        ours.put(now.number(), push.row);
        if (order.action() == WriteOrder.Action.CREATE) {
            String other = made.put(push.row, now.key());
            require(other == null, 12, () -> what + " was made as " + other + " before");
            require(push.row.key == null, 12, () -> what + " was made, and is known as " + push.row.key);
        } else {
            boolean asAgreed = push.agreedHash == null ? !before.isThere() : before.isThere() && before.shown().isFit() && Arrays.equals(before.shown().hash(),
                    push.agreedHash);
            require(asAgreed, 13, () -> what + " overwrote " + before);
        }
        boolean sealed = push.row.snapshot > 0 && push.row.document.equals(push.document) || hub.table(push.entity).history.stream()
                .anyMatch(past -> past.row() == push.row.id && past.document().equals(push.document))
                || hub.table(push.entity).journal.stream().anyMatch(edit -> edit.row() == push.row.id && edit.snapshotBefore() > 0
                && edit.before().equals(push.document));
        require(sealed, 1, () -> what + " was sent and stands in no snapshot");
    }

    /** After each publish: nothing of ours is taken for somebody else's. */
    void published() {
        for (MemoryHub.Table table : hub.tables.values()) {
            for (Row row : table.byId.values()) {
                String other = made.get(row);
                require(other == null || row.key == null || row.key.equals(other), 12, () -> row.key + " was made as " + other);
            }
            for (Map.Entry<Row, String> one : made.entrySet()) {
                Row keeper = table.byKey.get(one.getValue());
                require(keeper == null || keeper == one.getKey() || !table.byId.containsValue(one.getKey()), 11,
                        () -> one.getValue() + " was made here, and came back as another row");
            }
        }
    }

    /** Where nobody has to help any more both sides say the same. */
    void agreed() {
        for (MemoryHub.Table table : hub.tables.values()) {
            for (Row row : table.byId.values()) {
                Version there = row.key == null ? null : story.world.visible(table.entity.name(), row.key);
                boolean unfit = there != null && there.shown() != null && (!there.isReadable() || !there.shown().isFit());
                boolean helpless = row.conflict != null || row.push != null && (row.push.state == Push.State.PARKED || row.push.state == Push.State.UNKNOWN);
                if (unfit || helpless || held(table, row) || isMadeAndGone(table, row)) {
                    continue;
                }
                require(row.push == null && !row.pending, 11, () -> row.key + " " + row.document + " still waits to be sent: " + row.push);
                boolean isThere = there != null && there.isThere();
                require(row.key == null ? row.deleted : row.deleted != isThere, 4, () -> row.key + " is there on one side only: " + row.document);
                require(!isThere || there.shown().document().equals(row.document), 4, () -> row.key + " says " + row.document + ", and " + there.shown()
                        .document() + " there");
            }
        }
    }

    /** It was made there, the answer was lost, and somebody there removed it before it was looked for: nothing there tells that it ever was. */
    private boolean isMadeAndGone(MemoryHub.Table table, Row row) {
        Version there = row.key != null || !made.containsKey(row) ? null : story.world.visible(table.entity.name(), made.get(row));
        return there != null && !there.isThere();
    }

    /** A deletion that was found waits for its brake, or what came waits for its parent. */
    private static boolean held(MemoryHub.Table table, Row row) {
        return table.attention.stream().anyMatch(entry -> entry.key != null && entry.key.equals(row.key) || entry.row != null && entry.row == row.id);
    }
}
