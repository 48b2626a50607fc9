package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.deliver.Claim;
import io.syncline.record.Document;
import io.syncline.record.Observed;
import io.syncline.run.Mode;
import io.syncline.source.Sent;
import io.syncline.source.WriteOrder;
import io.syncline.store.Absences;
import io.syncline.store.PostgresHub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Tells one story to the store in memory and to PostgreSQL at once; whatever one of them answers and the other does not is a mistake in one of the two. */
final class TwinHub implements Hub {
    /** A publish has more steps than this; its death comes at a different one each time. */
    private static final int STEPS = 60;

    private final MemoryHub memory;
    private final PostgresHub real;
    private final Map<Long, Long> runs = new HashMap<>();
    private final Map<UUID, UUID> entries = new HashMap<>();
    private final Map<Claim, Claim> realClaims = new HashMap<>();
    private final Map<String, EntityConfig> merges = new HashMap<>();
    private int deaths;
    private int publishes;

    TwinHub(MemoryHub memory, PostgresHub real) {
        this.memory = memory;
        this.real = real;
    }

    int publishes() {
        return publishes;
    }

    @Override
    public long open(Mode mode) {
        long run = memory.open(mode);
        runs.put(run, real.open(mode));
        return run;
    }

    @Override
    public Map<String, Stored> find(EntityConfig entity, Collection<String> keys) {
        Map<String, Stored> found = memory.find(entity, keys);
        Map<String, String> mine = new TreeMap<>();
        found.forEach((key, stored) -> mine.put(key, told(stored)));
        Map<String, String> theirs = new TreeMap<>();
        real.find(entity, keys).forEach((key, stored) -> theirs.put(key, told(stored)));
        same("finds", mine, theirs);
        return found;
    }

    private static String told(Stored stored) {
        Stored.LocalChange local = stored.localChange();
        return stored.revision() + " " + told(stored.agreement()) + (stored.deleted() ? " deleted" : "")
                + (local == null ? "" : " edited " + local.base() + " to " + local.ours() + (local.deletedHere() ? " deleted here" : "") + " at " + local.at())
                + (stored.openConflict() ? " conflict " + told(stored.disputed()) + (stored.conflictIsBehind() ? " behind" : "") : "")
                + (stored.underWay() ? " under way" : "") + (stored.echoHash() == null ? "" : " echo " + HexFormat.of().formatHex(stored.echoHash()));
    }

    private static String told(Stored.Agreement agreement) {
        return agreement == null ? "none" : (agreement.hash() == null ? "gone" : HexFormat.of().formatHex(agreement.hash())) + " " + agreement.version() + " "
                + agreement.modifiedAt();
    }

    @Override
    public void stage(long run, EntityConfig entity, int page, List<Change> planned, long[] seen, Runnable checkpoint) {
        memory.stage(run, entity, page, planned, seen, checkpoint);
        Map<String, Long> rows = real.rows(entity);
        List<Change> translated = planned.stream().map(change -> change.stored() == null ? change
                : new Change(change.outcome(), change.reason(), change.observed(),
                numbered(change.stored(), rows.get(key(entity, change.stored().rowId()))), change.document(), change.agrees(), change.fields(),
                change.settledBy())).toList();
        real.stage(runs.get(run), entity, page, translated, Arrays.stream(seen).map(row -> rows.get(key(entity, row))).toArray(), () -> { });
    }

    private String key(EntityConfig entity, long row) {
        return memory.table(entity.name()).byId.get(row).key;
    }

    private static Stored numbered(Stored stored, long row) {
        return new Stored(row, stored.revision(), stored.agreement(), stored.deleted(), stored.localChange(), stored.openConflict(), stored.echoHash(),
                stored.disputed(), stored.conflictIsBehind(), null, stored.underWay());
    }

    @Override
    public List<Absences.Absent> absent(long run, EntityConfig entity, String afterKey, int limit) {
        List<Absences.Absent> absent = memory.absent(run, entity, afterKey, limit);
        same("finds absent", absent.stream().map(one -> one.key() + " " + told(one.stored())).toList(),
                real.absent(runs.get(run), entity, afterKey, limit).stream().map(one -> one.key() + " " + told(one.stored())).toList());
        return absent;
    }

    @Override
    public List<Observed> returning(long run, EntityConfig entity, String afterKey, int limit) {
        List<Observed> returning = memory.returning(run, entity, afterKey, limit);
        same("sees return", returning.stream().map(TwinHub::told).toList(), real.returning(runs.get(run), entity, afterKey, limit).stream().map(TwinHub::told)
                .toList());
        return returning;
    }

    private static String told(Observed observed) {
        return observed.key() + " " + observed.document() + " " + observed.version() + " " + observed.modifiedAt() + " " + observed.deleted();
    }

    @Override
    public void park(long run, List<EntityConfig> entities) {
        memory.park(run, entities);
        real.park(runs.get(run), entities);
    }

    @Override
    public long brakeLimit(EntityConfig entity) {
        long limit = memory.brakeLimit(entity);
        same("limits deletes to", limit, real.brakeLimit(entity));
        return limit;
    }

    @Override
    public Optional<String> brake(long run, EntityConfig entity, boolean emptyAnswer, boolean unconfirmed) {
        Optional<String> reason = memory.brake(run, entity, emptyAnswer, unconfirmed);
        same("brakes", reason, real.brake(runs.get(run), entity, emptyAnswer, unconfirmed));
        return reason;
    }

    @Override
    public Map<String, Map<Outcome, Long>> publish(Order order) {
        List<Set<String>> undecided = new ArrayList<>();
        Map<String, Map<Outcome, Long>> counts;
        try {
            counts = memory.publish(new Order(order.run(), order.entities(), order.classifiers(), order.sealAlways(), order.guard(), undecided::add,
                    order.crashes()));
        } catch (Ledger.FencedOut fenced) {
            throw fenced;
        } catch (RuntimeException died) {
            dieAsWell(order, died);
            throw died;
        }
        List<Set<String>> there = new ArrayList<>();
        same("counts", counts, real.publish(new Order(runs.get(order.run()), order.entities(), order.classifiers(), order.sealAlways(), () -> { }, there::add,
                step -> { })));
        same("leaves undecided", undecided, there);
        pair();
        compare();
        merges.forEach((key, entity) -> edited(entity, key));
        merges.clear();
        order.alongside().accept(undecided.get(0));
        publishes++;
        return counts;
    }

    /** What PostgreSQL is left with when the process dies at any step is what was there before. */
    private void dieAsWell(Order order, RuntimeException died) {
        int[] left = {deaths++ * 7 % STEPS};
        try {
            real.publish(new Order(runs.get(order.run()), order.entities(), order.classifiers(), order.sealAlways(), () -> { }, undecided -> { throw died; },
                    step -> {
                if (left[0]-- == 0) {
                    throw died;
                }
            }));
        } catch (RuntimeException asWell) {
            same("dies of", died, asWell);
        }
        compare();
    }

    @Override
    public void drop(long run) {
        memory.drop(run);
        real.drop(runs.get(run));
    }

    @Override
    public void forget(long run, EntityConfig entity, int fromPage) {
        memory.forget(run, entity, fromPage);
        real.forget(runs.get(run), entity, fromPage);
    }

    @Override
    public long shown(long run, EntityConfig entity) {
        long shown = memory.shown(run, entity);
        same("has shown", shown, real.shown(runs.get(run), entity));
        return shown;
    }

    @Override
    public List<Claim> claim(String worker) {
        List<UUID> lost = memory.outbox.lost();
        List<Claim> claims = memory.claim(worker);
        List<UUID> due = claims.stream().map(claim -> memory.outbox.of(claim).id).toList();
        Map<UUID, Claim> theirs = new HashMap<>();
        real.outbox().claim(worker, real(lost), real(due), memory.outbox.isBarred()).forEach(claim -> theirs.put(claim.order().id(), claim));
        same("claims", Set.copyOf(real(due)), theirs.keySet());
        for (Claim claim : claims) {
            Claim other = theirs.get(entries.get(memory.outbox.of(claim).id));
            same("claims", told(claim), told(other));
            same("knows its claim as", entries.get(claim.order().id()), other.order().id());
            realClaims.put(claim, other);
        }
        return claims;
    }

    private static String told(Claim claim) {
        WriteOrder order = claim.order();
        return order.action() + " " + order.key() + " " + order.agreed() + " " + order.document() + " made " + order.made() + " after " + claim.attempts()
                + (claim.unclear() ? " unclear" : "");
    }

    private List<UUID> real(List<UUID> ids) {
        return ids.stream().map(entries::get).toList();
    }

    /** Which entry there is which here. */
    private void pair() {
        for (Push push : memory.outbox.all.values()) {
            if (memory.isTwoWay() && push.state.isOpen() && !entries.containsKey(push.id)) {
                EntityConfig entity = memory.table(push.entity).entity;
                UUID other = real.outbox().open(push.entity, real.row(entity, memory.who(push.row)));
                if (other == null) {
                    throw new AssertionError("the store in memory has " + push + " and PostgreSQL has not");
                }
                entries.put(push.id, other);
            }
        }
    }

    @Override
    public boolean begin(Claim claim, String worker) {
        boolean barred = memory.outbox.isBarred();
        boolean begun = memory.begin(claim, worker);
        same("begins", begun, real.outbox().begin(realClaims.get(claim), worker, barred));
        return begun;
    }

    @Override
    public boolean isDue() {
        return memory.isDue();
    }

    @Override
    public boolean note(Claim claim, Sent sent) {
        boolean noted = memory.note(claim, sent);
        real.outbox().note(realClaims.get(claim), sent);
        compare();
        return noted;
    }

    @Override
    public List<Dispute> disputes() {
        return memory.disputes();
    }

    @Override
    public boolean decide(Dispute seen, String how, Document merged) {
        boolean taken = memory.decide(seen, how, merged);
        if (taken) {
            same("decides", true, real.decide(seen, how, merged));
            if (merged != null) {
                merges.put(seen.key(), seen.entity());
            }
        }
        return taken;
    }

    @Override
    public boolean isDeleted(EntityConfig entity, String who) {
        return memory.isDeleted(entity, who);
    }

    @Override
    public boolean isGoneThere(EntityConfig entity, String who) {
        return memory.isGoneThere(entity, who);
    }

    @Override
    public List<Entry> waitingForPeople() {
        return memory.waitingForPeople();
    }

    @Override
    public List<Unknown> unknown() {
        return memory.unknown();
    }

    @Override
    public void settle(UUID entry, boolean arrived, Observed there) {
        memory.settle(entry, arrived, there);
        real.settle(entries.get(entry), arrived, there);
        pair();
        compare();
    }

    @Override
    public void edit(EntityConfig entity, String key, String field, String value) {
        memory.edit(entity, key, field, value);
        real.edit(entity, key, field, value);
        edited(entity, key);
    }

    @Override
    public void delete(EntityConfig entity, String key, boolean deleted) {
        memory.delete(entity, key, deleted);
        real.delete(entity, key, deleted);
        edited(entity, key);
    }

    private void edited(EntityConfig entity, String key) {
        long at = memory.row(entity.name(), key).editedAt;
        if (at > 0) {
            real.editedAt(entity, key, Clock.instant(at));
        }
    }

    @Override
    public void insert(EntityConfig entity, String name) {
        memory.insert(entity, name);
        real.insert(entity, name);
    }

    @Override
    public void note(EntityConfig entity, String key, String text) {
        memory.note(entity, key, text);
        real.note(entity, key, text);
    }

    @Override
    public List<String> told() {
        compare();
        return memory.told();
    }

    private void compare() {
        List<String> mine = new ArrayList<>(memory.told());
        List<String> theirs = new ArrayList<>(real.told());
        List<String> both = List.copyOf(mine);
        theirs.forEach(mine::remove);
        both.forEach(theirs::remove);
        same("holds", mine, theirs);
    }

    private static void same(String what, Object mine, Object theirs) {
        if (!Objects.equals(mine, theirs)) {
            throw new AssertionError("the store in memory " + what + "\n    " + mine + "\nand PostgreSQL\n    " + theirs);
        }
    }
}
