package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.deliver.Claim;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.Observed;
import io.syncline.record.Shape;
import io.syncline.run.Mode;
import io.syncline.source.Sent;
import io.syncline.store.Absences;
import io.syncline.store.SimulatedBrake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The store in memory: the same rules as the statements of {@code io.syncline.store}, on rows that are objects. */
final class MemoryHub implements Hub {
    private static final EnumSet<Outcome> STAYING = EnumSet.of(Outcome.CREATE, Outcome.LINK, Outcome.UPDATE, Outcome.RESTORE);

    private static final Document NOTHING = Document.stored("{}");

    final Map<String, Table> tables = new LinkedHashMap<>();
    final List<Long> snapshots = new ArrayList<>();
    final Clock clock;
    final Mutant mutant;
    private final Map<Long, Plan> plans = new HashMap<>();
    private long rows;
    private long runs;
    final MemoryOutbox outbox;
    final Families families = new Families(this);
    private final Map<String, Row> made = new HashMap<>();
    private final boolean twoWay;

    MemoryHub(Setting setting, Clock clock, Mutant mutant) {
        this.clock = clock;
        this.mutant = mutant;
        this.twoWay = setting.isTwoWay();
        this.outbox = new MemoryOutbox(this, setting);
        setting.sync().entities().forEach(entity -> tables.put(entity.name(), new Table(entity)));
    }

    /** One entity's rows and all that goes with them. */
    static final class Table {
        final EntityConfig entity;
        final Map<String, Row> byKey = new TreeMap<>();
        final Map<Long, Row> byId = new TreeMap<>();
        final List<Row.Past> history = new ArrayList<>();
        final List<Row.Edit> journal = new ArrayList<>();
        final List<Row.Conflict> conflicts = new ArrayList<>();
        final List<Row.Entry> attention = new ArrayList<>();
        final List<String> closed = new ArrayList<>();
        /** When a full or incremental run was last published. */
        long readAt;

        Table(EntityConfig entity) {
            this.entity = entity;
        }

        void add(Row row) {
            byId.put(row.id, row);
            if (row.key != null) {
                byKey.put(row.key, row);
            }
        }

        /** It has its first key, or another one since it was made anew. */
        void call(Row row, String key) {
            if (row.key != null && !row.key.equals(key)) {
                byKey.remove(row.key);
                row.formerKeys.add(row.key);
            }
            row.key = key;
            byKey.put(key, row);
        }

        long live() {
            return byKey.values().stream().filter(row -> !row.deleted).count();
        }
    }

    /** What one run has staged. */
    static final class Plan {
        final boolean single;
        /** It reads nothing. */
        final boolean push;
        final long started;
        boolean ended;
        final Map<String, List<Staged>> staged = new HashMap<>();
        final Map<String, Map<Integer, long[]>> seen = new HashMap<>();

        Plan(Mode mode, long started) {
            this.single = mode == Mode.SINGLE;
            this.push = mode == Mode.PUSH;
            this.started = started;
        }

        List<Staged> of(String entity) {
            return staged.computeIfAbsent(entity, none -> new ArrayList<>());
        }

        Set<Long> seen(String entity) {
            Set<Long> all = new HashSet<>();
            seen.getOrDefault(entity, Map.of()).values().forEach(page -> Arrays.stream(page).forEach(all::add));
            return all;
        }
    }

    boolean isTwoWay() {
        return twoWay;
    }

    /** What a person names the row by. */
    String who(Row row) {
        return row.key != null ? row.key : made.entrySet().stream().filter(each -> each.getValue() == row).map(each -> "=" + each.getKey()).findAny()
                .orElseThrow();
    }

    Plan plan(long run) {
        return plans.get(run);
    }

    Table table(String entity) {
        return tables.get(entity);
    }

    Row newRow() {
        return new Row(++rows);
    }

    @Override
    public long open(Mode mode) {
        plans.put(++runs, new Plan(mode, clock.moment()));
        return runs;
    }

    @Override
    public Map<String, Stored> find(EntityConfig entity, Collection<String> keys) {
        Map<String, Stored> found = new HashMap<>();
        for (String key : keys) {
            Row row = table(entity.name()).byKey.get(key);
            if (row != null) {
                found.put(key, row.stored(mutant));
            }
        }
        return found;
    }

    @Override
    public void stage(long run, EntityConfig entity, int page, List<Change> planned, long[] seen, Runnable checkpoint) {
        Plan plan = plan(run);
        List<Staged> staged = plan.of(entity.name());
        staged.removeIf(one -> one.page == page);
        planned.forEach(change -> staged.add(new Staged(page, change)));
        plan.seen.computeIfAbsent(entity.name(), none -> new HashMap<>()).put(page, seen);
        checkpoint.run();
    }

    @Override
    public List<Absences.Absent> absent(long run, EntityConfig entity, String afterKey, int limit) {
        Plan plan = plan(run);
        Set<Long> seen = plan.seen(entity.name());
        return table(entity.name()).byKey.values().stream()
                .filter(row -> afterKey == null || row.key.compareTo(afterKey) > 0)
                .filter(row -> !row.isGoneThere() && (row.synced < plan.started || mutant == Mutant.WHAT_CAME_BESIDE_THE_RUN_IS_ABSENT))
                .filter(row -> !seen.contains(row.id)).limit(limit).map(row -> new Absences.Absent(row.key, row.stored(mutant))).toList();
    }

    @Override
    public List<Observed> returning(long run, EntityConfig entity, String afterKey, int limit) {
        Table table = table(entity.name());
        Plan plan = plan(run);
        Set<Long> seen = plan.seen(entity.name());
        return table.attention.stream().filter(entry -> entry.kind.equals("parked") && (afterKey == null || entry.key.compareTo(afterKey) > 0))
                .filter(entry -> {
                    Row row = table.byKey.get(entry.key);
                    return plan.of(entity.name()).stream().noneMatch(staged -> entry.key.equals(staged.key()) || row != null && staged.row != null
                            && staged.row == row.id) && (row == null || !seen.contains(row.id) && row.synced <= entry.seen);
                })
                .filter(entry -> parentsAreThere(plan, entity, entry.document))
                .sorted((one, other) -> one.key.compareTo(other.key)).limit(limit)
                .map(entry -> new Observed(entry.key, entry.document, entry.version, entry.modified, entry.deleted,
                List.of(), null)).toList();
    }

    private boolean parentsAreThere(Plan plan, EntityConfig entity, Document document) {
        Object[] values = null;
        for (Field field : entity.shape().fields()) {
            if (field.references() != null) {
                values = values == null ? entity.shape().values(document) : values;
                Object parent = values[entity.shape().position(field.name())];
                if (parent instanceof String key && !table(field.references()).byKey.containsKey(key) && plan.of(field.references()).stream()
                        .noneMatch(staged -> staged.outcome == Outcome.CREATE && key.equals(staged.key()))) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void park(long run, List<EntityConfig> entities) {
        entities.forEach(entity -> MemoryPublish.settleRepeated(plan(run).of(entity.name()), mutant));
        boolean more = mutant != Mutant.A_CHILD_WITHOUT_ITS_PARENT_GOES_ON;
        while (more) {
            more = false;
            for (EntityConfig entity : entities) {
                for (Staged staged : plan(run).of(entity.name())) {
                    if (STAYING.contains(staged.outcome) && staged.writes && !parentsAreThere(plan(run), entity, staged.written)) {
                        staged.setAside(Outcome.PARKED);
                        more = true;
                    }
                }
            }
        }
    }

    @Override
    public long brakeLimit(EntityConfig entity) {
        return new SimulatedBrake(entity, table(entity.name()).live()).most();
    }

    @Override
    public Optional<String> brake(long run, EntityConfig entity, boolean emptyAnswer, boolean unconfirmed) {
        List<Staged> deletes = plan(run).of(entity.name()).stream().filter(staged -> staged.outcome == Outcome.DELETE).toList();
        Optional<String> reason = new SimulatedBrake(entity, table(entity.name()).live()).reason(deletes.size(), emptyAnswer, unconfirmed);
        reason.ifPresent(why -> deletes.forEach(staged -> staged.setAside(Outcome.HELD)));
        return reason;
    }

    @Override
    public Map<String, Map<Outcome, Long>> publish(Order order) {
        return new MemoryPublish(this, order).publish();
    }

    @Override
    public void drop(long run) {
        plan(run).staged.clear();
        plan(run).seen.clear();
        plan(run).ended = true;
    }

    boolean isLongRunUnderWay() {
        return plans.values().stream().anyMatch(plan -> !plan.single && !plan.push && !plan.ended);
    }

    @Override
    public void forget(long run, EntityConfig entity, int fromPage) {
        plan(run).of(entity.name()).removeIf(staged -> staged.page >= fromPage);
        plan(run).seen.getOrDefault(entity.name(), new HashMap<>()).keySet().removeIf(page -> page >= fromPage);
    }

    @Override
    public long shown(long run, EntityConfig entity) {
        Set<String> keys = new HashSet<>();
        plan(run).seen(entity.name()).forEach(id -> keys.add(table(entity.name()).byId.get(id).key));
        plan(run).of(entity.name()).stream().map(Staged::key).filter(key -> key != null).forEach(keys::add);
        return keys.size();
    }

    /** @param who the side's key, or {@code =} and the name with which somebody made the row here */
    Row row(String entity, String who) {
        return who.startsWith("=") ? made.get(who.substring(1)) : table(entity).byKey.get(who);
    }

    @Override
    public void edit(EntityConfig entity, String key, String field, String value) {
        Row row = row(entity.name(), key);
        Shape shape = entity.shape();
        Object[] values = shape.values(row.document);
        values[shape.position(field)] = value;
        change(entity, row, shape.document(values), row.deleted);
    }

    @Override
    public void delete(EntityConfig entity, String key, boolean deleted) {
        Row row = row(entity.name(), key);
        change(entity, row, row.document, deleted);
    }

    void change(EntityConfig entity, Row row, Document document, boolean deleted) {
        if (document.equals(row.document) && deleted == row.deleted) {
            return;
        }
        Document before = row.document;
        long at = Math.max(clock.moment(), row.validFrom + 1);
        table(entity.name()).journal.add(new Row.Edit(row.id, row.key, row.revision + 1, row.document, row.deleted, row.revision, row.snapshot, row.validFrom,
                at));
        if (row.key != null) {
            Document agreed = row.base != null ? row.base : row.isGoneThere() && row.deleted && row.deletedHere ? NOTHING : row.document;
            row.base = document.equals(agreed) && deleted == row.isGoneThere() ? null : agreed;
        }
        row.document = document;
        row.deletedHere = deleted != row.deleted ? deleted : row.deletedHere;
        row.deleted = deleted;
        row.revision++;
        row.snapshot = 0;
        row.validFrom = at;
        row.editedAt = at;
        if (row.parent == null || families.isNamedOtherwise(table(entity.name()), row, before)) {
            families.written(table(entity.name()), row);
        }
        if (row.conflict == null) {
            row.pending = !row.isNothingToSend() && (row.base != null || row.key == null);
        }
    }

    @Override
    public void insert(EntityConfig entity, String name) {
        Object[] values = new Object[entity.shape().fields().size()];
        Arrays.fill(values, io.syncline.record.Missing.MISSING);
        values[entity.shape().position("name")] = name;
        Row row = newRow();
        row.document = entity.shape().document(values);
        row.validFrom = clock.moment();
        row.editedAt = row.validFrom;
        row.pending = true;
        made.put(name, row);
        table(entity.name()).add(row);
    }

    @Override
    public void note(EntityConfig entity, String key, String text) {
        row(entity.name(), key).note = text;
    }

    /** The rows as a snapshot sealed them: row, and what it said. */
    Map<Long, Document> asOf(String entity, long snapshot) {
        Table table = table(entity);
        Map<Long, Document> then = new TreeMap<>();
        for (Row row : table.byId.values()) {
            if (row.snapshot >= 1 && row.snapshot <= snapshot && !row.deleted) {
                then.put(row.id, row.document);
            }
        }
        for (Row.Past past : table.history) {
            if (past.from() <= snapshot && past.to() > snapshot && !past.deleted()) {
                then.put(past.row(), past.document());
            }
        }
        for (Row.Edit edit : table.journal) {
            if (edit.snapshotBefore() >= 1 && edit.snapshotBefore() <= snapshot && !edit.deletedBefore()) {
                then.put(edit.row(), edit.before());
            }
        }
        return then;
    }

    @Override
    public List<Claim> claim(String worker) {
        return outbox.claim(worker);
    }

    @Override
    public boolean begin(Claim claim, String worker) {
        return outbox.begin(claim, worker);
    }

    @Override
    public boolean isDue() {
        return outbox.due() != Push.NEVER;
    }

    @Override
    public boolean note(Claim claim, Sent sent) {
        return outbox.note(claim, sent);
    }

    @Override
    public boolean isDeleted(EntityConfig entity, String who) {
        return row(entity.name(), who).deleted;
    }

    @Override
    public boolean isGoneThere(EntityConfig entity, String who) {
        return row(entity.name(), who).isGoneThere();
    }

    @Override
    public List<Entry> waitingForPeople() {
        return outbox.all.values().stream().filter(push -> push.state == Push.State.PARKED).map(push -> new Entry(table(push.entity).entity,
                who(push.row), push.row.document)).toList();
    }

    @Override
    public List<Unknown> unknown() {
        return outbox.all.values().stream().filter(push -> push.state == Push.State.UNKNOWN)
                .map(push -> new Unknown(push.id, table(push.entity).entity, push.action, push.key)).toList();
    }

    @Override
    public void settle(UUID entry, boolean arrived, Observed there) {
        outbox.settle(outbox.all.get(entry), arrived, there);
    }

    @Override
    public List<Dispute> disputes() {
        List<Dispute> disputes = new ArrayList<>();
        tables.values().forEach(table -> table.byId.values().stream().filter(row -> row.conflict != null && row.conflict.decision == null)
                .forEach(row -> disputes.add(new Dispute(table.entity, row.key, row.conflict.theirsHash, row.conflict.version, row.conflict.modified,
                        row.revision, row.conflict.theirs, row.document))));
        return disputes;
    }

    @Override
    public boolean decide(Dispute seen, String how, Document merged) {
        Row row = row(seen.entity().name(), seen.key());
        if (row.conflict == null || row.conflict.decision != null) {
            return false;
        }
        Row.Decision decision = new Row.Decision(how, seen.theirsHash(), seen.version(), seen.modified(), seen.revision(), merged,
                row.base == null ? row.document : row.base, row.document);
        if (decision.isAbout(row) || mutant == Mutant.A_DECISION_IS_NOT_LOOKED_AT_AGAIN) {
            row.conflict.decision = decision;
            return true;
        }
        return false;
    }

    @Override
    public List<String> told() {
        return new Told(this).lines();
    }
}
