package io.syncline.simulation;

import io.syncline.record.Shape;
import io.syncline.source.WriteOrder;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import static io.syncline.simulation.PromiseOracle.require;

/** Promises 1, 4 and 11 to 13 of what is written to the source, held against the source's own journal of what took effect. */
final class PushOracle {
    private final MemoryHub hub;
    private final Story story;
    private final Map<Long, Version> effects = new HashMap<>();
    private final Map<Row, Version> made = new HashMap<>();
    /** Rows whose record is known to be made, because that was answered. */
    private final Set<Row> heard = new HashSet<>();
    /** Rows that are made once more because somebody who has looked says so. */
    private final Set<Row> madeAgain = new HashSet<>();
    private final Set<Row> lost = new HashSet<>();
    private final Map<Row, Decision> decisions = new HashMap<>();

    private record Decision(Row.Conflict conflict, Hub.Dispute seen, String how) {
    }

    PushOracle(MemoryHub hub, Story story) {
        this.hub = hub;
        this.story = story;
    }

    void wrote(WriteOrder order, Version now, Version before) {
        Push push = push(order.id());
        String what = push + " as change " + now.number();
        boolean again = order.action() == WriteOrder.Action.CREATE && made.containsKey(push.row) && (madeAgain.remove(push.row) || isLost(push.row));
        Version first = effects.put(order.id().getLeastSignificantBits(), now);
        require(first == null || again || isPutBack(push, first, before), 12, () -> what + " took effect twice");
        if (order.action() == WriteOrder.Action.CREATE) {
            Version other = made.put(push.row, now);
            heard.remove(push.row);
            require(other == null || again || other.key().equals(push.formerKey), 12, () -> what + " was made as " + other.key() + " before");
            require(push.row.key == null || push.row.isGoneThere(), 12, () -> what + " was made, and is known as " + push.row.key);
        } else {
            boolean asAgreed = push.agreedHash == null ? !before.isThere() : before.isThere() && before.shown().isFit() && Arrays.equals(before.shown().hash(),
                    push.agreedHash);
            require(asAgreed, 13, () -> what + " overwrote " + before);
        }
        boolean sealed = push.row.snapshot > 0 && push.row.document.equals(order.document()) || hub.table(push.entity).history.stream()
                .anyMatch(past -> past.row() == push.row.id && past.document().equals(order.document()))
                || hub.table(push.entity).journal.stream().anyMatch(edit -> edit.row() == push.row.id && edit.snapshotBefore() > 0
                && edit.before().equals(order.document()));
        require(sealed, 1, () -> what + " was sent and stands in no snapshot");
    }

    /** What is agreed is what a record says: one that somebody has put back to that since is like one which the write never reached, and is written again. */
    private static boolean isPutBack(Push push, Version first, Version before) {
        return before != null && before.number() > first.number() && before.isThere() == (push.agreedHash != null)
                && (push.agreedHash == null || before.shown().isFit() && Arrays.equals(before.shown().hash(), push.agreedHash));
    }

    private Push push(UUID id) {
        return hub.outbox.all.get(new UUID(0, id.getLeastSignificantBits()));
    }

    void heard(WriteOrder order) {
        heard.add(push(order.id()).row);
    }

    void givenUp(UUID entry) {
        Row row = push(entry).row;
        if (isItsFormerRecord(row)) {
            made.remove(row);
        } else {
            madeAgain.add(row);
        }
    }

    /** It was to be made anew, and is there again as what it was: whatever was made meanwhile is a record of its own. */
    private static boolean isItsFormerRecord(Row row) {
        return row.key != null && (!row.isGoneThere() || row.conflict != null);
    }

    /**
     * It was made there, nobody here heard of it, and somebody there deleted it, or changed what it is known by, before it was looked for: nothing there tells
     * that it was ours.
     */
    private boolean isLost(Row row) {
        Version first = made.get(row);
        if (first != null && !first.key().equals(row.key) && !heard.contains(row) && story.world.versions(table(row).entity.name(), first.key()).stream()
                .anyMatch(version -> version.number() > first.number() && !isKnown(table(row), first, version))) {
            lost.add(row);
        }
        return lost.contains(row);
    }

    private MemoryHub.Table table(Row row) {
        return hub.tables.values().stream().filter(table -> table.byId.containsValue(row)).findFirst().orElseThrow();
    }

    private static boolean isKnown(MemoryHub.Table table, Version first, Version version) {
        Shape shape = table.entity.shape();
        int name = shape.position("name");
        return version.isThere() && version.isReadable() && version.shown().isFit()
                && Objects.equals(shape.values(version.shown().document())[name], shape.values(first.shown().document())[name]);
    }

    void decided(Hub.Dispute seen, String how) {
        Row row = hub.row(seen.entity().name(), seen.key());
        decisions.put(row, new Decision(row.conflict, seen, how));
    }

    /** Promise 17, after each push run: a decision came true only where both sides were still as they were seen. */
    void decisionsAreAboutWhatWasSeen(Map<String, Map<Long, Row>> before) {
        decisions.entrySet().removeIf(one -> {
            Row.Conflict conflict = one.getValue().conflict;
            Hub.Dispute seen = one.getValue().seen;
            Row was = before.get(seen.entity().name()).get(one.getKey().id);
            boolean made = one.getValue().how.equals(conflict.settled);
            require(!made || Arrays.equals(conflict.theirsHash, seen.theirsHash()) && was.document.equals(seen.ours()), 17,
                    () -> "it was decided about " + seen.key() + ", which had moved");
            require(!made || Arrays.equals(one.getKey().agreed, seen.theirsHash()), 17,
                    () -> "it was decided about " + seen.key() + ", and what the other side showed is not agreed to");
            return conflict.settled != null || conflict.decision == null;
        });
    }

    /** After each publish: nothing of ours is taken for somebody else's. */
    void published() {
        made.forEach((row, version) -> {
            MemoryHub.Table table = table(row);
            boolean waits = row.push != null && row.push.action == WriteOrder.Action.CREATE;
            require(row.key == null || row.key.equals(version.key()) || waits || isLost(row), 12, () -> row.key + " was made as " + version.key());
            Row keeper = table.byKey.get(version.key());
            require(keeper == null || keeper == row || isLost(row), 11, () -> version.key() + " was made here, and came back as another row");
        });
    }

    /** Where nobody has to help any more both sides say the same. */
    void agreed() {
        for (MemoryHub.Table table : hub.tables.values()) {
            for (Row row : table.byId.values()) {
                String key = row.key != null || !made.containsKey(row) ? row.key : made.get(row).key();
                Version there = key == null ? null : story.world.visible(table.entity.name(), key);
                boolean unfit = there != null && there.shown() != null && (!there.isReadable() || !there.shown().isFit());
                boolean refused = row.push != null && row.push.state == Push.State.PARKED;
                if (unfit || row.conflict != null || refused || isLost(row) || held(table, row)) {
                    continue;
                }
                require(row.push == null && !row.pending, 11, () -> row.key + " " + row.document + " still waits to be sent: " + row.push);
                boolean isThere = there != null && there.isThere();
                boolean unproven = !isThere && !row.isGoneThere() && story.world.isUnprovable(table.entity.name());
                require(unproven || (row.key == null ? row.deleted : row.deleted != isThere), 4,
                        () -> row.key + " is there on one side only: " + row.document);
                require(!isThere || there.shown().document().equals(row.document), 4, () -> row.key + " says " + row.document + ", and " + there.shown()
                        .document() + " there");
            }
        }
    }

    /** A deletion that was found waits for its brake, or what came waits for its parent. */
    private static boolean held(MemoryHub.Table table, Row row) {
        return table.attention.stream().anyMatch(entry -> entry.key != null && entry.key.equals(row.key) || entry.row != null && entry.row == row.id);
    }
}
