package io.syncline.simulation;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** One publish in memory, statement by statement what {@code PublishStatements} says. */
final class MemoryPublish {
    private static final EnumSet<Outcome> WRITING = EnumSet.of(Outcome.LINK, Outcome.UPDATE, Outcome.RESTORE, Outcome.DELETE);
    private static final EnumSet<Outcome> TOUCHING = EnumSet.of(Outcome.UNCHANGED, Outcome.ECHO, Outcome.CONVERGED);
    private static final EnumSet<Outcome> ATTENTION = EnumSet.of(Outcome.REJECTED, Outcome.PARKED, Outcome.HELD);
    private static final EnumSet<Outcome> NOT_LOCKED = EnumSet.of(Outcome.REJECTED, Outcome.PARKED, Outcome.HELD, Outcome.STALE);

    private final MemoryHub hub;
    private final Hub.Order order;
    private final MemoryHub.Plan plan;
    private final Mutant mutant;
    private final List<MemoryHub.Table> tables;
    private long snapshot;
    private long at;

    MemoryPublish(MemoryHub hub, Hub.Order order) {
        this.hub = hub;
        this.order = order;
        this.mutant = hub.mutant;
        this.plan = hub.plan(order.run());
        this.tables = order.entities().stream().map(entity -> hub.table(entity.name())).sorted((one, other) -> one.entity.name().compareTo(other.entity.name()))
                .toList();
    }

    /** A death in the middle leaves nothing behind: that a transaction does so is PostgreSQL's promise. */
    Map<String, Map<Outcome, Long>> publish() {
        order.guard().run();
        if (mutant != Mutant.A_PUBLISH_DEAD_HALFWAY_IS_HALF_DONE) {
            order.crashes().accept("publish");
        }
        if (plan.push) {
            MemorySettlement settlement = new MemorySettlement(hub, plan);
            tables.forEach(table -> settlement.judge(table, order.classifiers().apply(table.entity)));
        } else {
            tables.forEach(this::judgeMovedAgain);
        }
        Map<String, List<Row>> unsealed = new HashMap<>();
        tables.forEach(table -> unsealed.put(table.entity.name(), table.byId.values().stream().filter(row -> row.snapshot == 0).toList()));
        boolean seals = order.sealAlways() || unsealed.values().stream().anyMatch(rows -> !rows.isEmpty())
                || tables.stream().anyMatch(table -> staged(table).stream().anyMatch(one -> WRITING.contains(one.outcome) || one.outcome == Outcome.CREATE));
        at = hub.clock.moment();
        if (seals) {
            snapshot = hub.snapshots.size() + 1;
        }
        tables.forEach(table -> seal(table, unsealed.get(table.entity.name())));
        for (MemoryHub.Table table : tables) {
            write(table);
            if (mutant == Mutant.A_PUBLISH_DEAD_HALFWAY_IS_HALF_DONE) {
                order.crashes().accept("publish");
            }
        }
        if (seals) {
            tables.forEach(hub.families::resolve);
            tables.forEach(table -> hub.families.nameParents(table, snapshot, at));
        }
        tables.forEach(hub.outbox::fill);
        if (!plan.push) {
            tables.forEach(this::attend);
        }
        if (seals) {
            hub.snapshots.add(order.run());
        }
        if (!plan.single && !plan.push) {
            tables.forEach(table -> table.readAt = at);
        }
        Map<String, Map<Outcome, Long>> counts = new LinkedHashMap<>();
        tables.forEach(table -> counts.put(table.entity.name(), counts(table)));
        order.alongside().accept(tables.stream().filter(table -> staged(table).stream().anyMatch(one -> one.undecided))
                .map(table -> table.entity.name()).collect(Collectors.toSet()));
        return counts;
    }

    private List<Staged> staged(MemoryHub.Table table) {
        return plan.of(table.entity.name());
    }

    private Map<Outcome, Long> counts(MemoryHub.Table table) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        staged(table).forEach(one -> counts.merge(one.outcome, 1L, Long::sum));
        return counts;
    }

    private void judgeMovedAgain(MemoryHub.Table table) {
        settleRepeated(staged(table), mutant);
        settleTakenBack(table);
        if (mutant != Mutant.A_CREATE_UNDER_WAY_IS_NEW) {
            staged(table).stream().filter(one -> hub.outbox.isMadeHere(table, one)).forEach(Staged::leaveUndecided);
        }
        staged(table).stream().filter(one -> isBehindWaiting(table, one)).forEach(one -> one.setAside(Outcome.STALE));
        if (plan.single) {
            staged(table).stream().filter(one -> isOvertaken(table, one)).forEach(one -> one.setAside(Outcome.STALE));
            staged(table).stream().filter(one -> isBesideLongRun() && isParkedOlder(table, one)).forEach(Staged::leaveUndecided);
        } else {
            staged(table).stream().filter(one -> isParkedBehind(table, one)).forEach(Staged::leaveUndecided);
        }
        if (mutant == Mutant.MOVED_ROWS_ARE_NOT_JUDGED_AGAIN) {
            return;
        }
        Classifier classifier = order.classifiers().apply(table.entity);
        List<Staged> all = staged(table);
        for (int i = 0; i < all.size(); i++) {
            Staged one = all.get(i);
            boolean unknown = one.outcome == Outcome.CREATE || one.outcome == Outcome.UNCHANGED;
            Row row = one.row != null ? table.byId.get(one.row) : unknown ? table.byKey.get(one.key()) : null;
            boolean overtaken = row != null && mutant != Mutant.WHAT_CAME_BESIDE_THE_RUN_IS_OLDER && isAgreedSince(table, row);
            boolean beside = isBesideLongRun();
            if (row == null || NOT_LOCKED.contains(one.outcome) || !overtaken && !beside && one.revision != null && one.revision == row.revision) {
                continue;
            }
            Stored stored = row.stored(mutant);
            boolean asks = row.conflict == null || mutant != Mutant.AN_OPEN_CONFLICT_IS_TOLD_WHATEVER_COMES;
            boolean another = one.key() != null && !one.key().equals(row.key);
            Change change = another ? Classifier.ofAnother(one.observed, stored)
                    : overtaken && asks ? classifier.overtaken(one.observed, stored)
                    : beside && asks ? classifier.beside(one.observed, stored)
                    : one.observed == null ? plan.single ? classifier.absent(stored) : classifier.absentAgain(stored)
                    : classifier.classify(one.observed, stored);
            all.set(i, new Staged(one.page, mutant.decide(Classifier.afterBrake(change, plan.single || one.outcome == Outcome.DELETE))));
        }
    }

    /** Of a record that the source showed twice in one run the newer showing stands. */
    static void settleRepeated(List<Staged> staged, Mutant mutant) {
        Map<String, List<Staged>> showings = new HashMap<>();
        staged.stream().filter(one -> one.key() != null && one.outcome != Outcome.STALE)
                .forEach(one -> showings.computeIfAbsent(one.key(), none -> new ArrayList<>()).add(one));
        showings.values().forEach(all -> {
            all.sort(mutant == Mutant.THE_FIRST_SHOWING_STANDS ? Staged.NEWEST_FIRST.reversed() : Staged.NEWEST_FIRST);
            all.stream().skip(1).forEach(older -> older.setAside(Outcome.STALE));
        });
    }

    /** What a later page showed as it was agreed is as it was agreed. */
    private void settleTakenBack(MemoryHub.Table table) {
        Map<Integer, long[]> seen = plan.seen.getOrDefault(table.entity.name(), Map.of());
        for (Staged one : staged(table)) {
            Row row = one.row == null ? null : table.byId.get(one.row);
            boolean settled = one.outcome == Outcome.STALE || one.outcome == Outcome.HELD || one.observed == null || row == null;
            if (!settled && !Staged.isLater(one.observed, row) && seen.entrySet().stream()
                    .anyMatch(page -> page.getKey() > one.page && Arrays.stream(page.getValue()).anyMatch(id -> id == row.id))) {
                one.setAside(Outcome.STALE);
            }
        }
    }

    /** Older by its marks than what another run has shown since this one began, and which waits for its parent. */
    private boolean isBehindWaiting(MemoryHub.Table table, Staged one) {
        return one.observed != null && one.outcome != Outcome.STALE && one.outcome != Outcome.HELD && table.attention.stream().anyMatch(
                entry -> entry.kind.equals("parked") && entry.key.equals(one.key()) && entry.seen >= plan.started && entry.isNewerThan(one.observed));
    }

    /** Another run has shown something of it since this one began. */
    private boolean isAgreedSince(MemoryHub.Table table, Row row) {
        return row.synced >= plan.started || row.conflict != null && row.conflict.shown >= plan.started || isReadSince(table);
    }

    /** A whole or incremental run may have shown it as it was agreed, which leaves no trace. */
    private boolean isReadSince(MemoryHub.Table table) {
        return plan.single && table.readAt >= plan.started;
    }

    /** Of records without a row nothing but a whole run knows whether they are gone since. */
    private boolean isOvertaken(MemoryHub.Table table, Staged one) {
        Row row = one.row == null ? null : table.byId.get(one.row);
        return one.outcome == Outcome.PARKED && row != null && isAgreedSince(table, row)
                || (one.outcome == Outcome.CREATE || one.outcome == Outcome.PARKED) && row == null && isReadSince(table);
    }

    /** A full or incremental run may have seen it later, as it was agreed. */
    private boolean isBesideLongRun() {
        return plan.single && mutant != Mutant.A_LONG_RUN_BESIDE_IS_NOT_MINDED && hub.isLongRunUnderWay();
    }

    /** It would take the place of what another run has shown since, when its parent comes. */
    private boolean isParkedBehind(MemoryHub.Table table, Staged one) {
        Row row = one.outcome == Outcome.PARKED ? row(table, one) : null;
        return row != null && isAgreedSince(table, row) && (row.isShownGone() || !Staged.isLater(one.observed, row));
    }

    private static boolean isParkedOlder(MemoryHub.Table table, Staged one) {
        return one.outcome == Outcome.PARKED && row(table, one) != null && !Staged.isLater(one.observed, row(table, one));
    }

    private static Row row(MemoryHub.Table table, Staged one) {
        return one.row == null ? table.byKey.get(one.key()) : table.byId.get(one.row);
    }

    private void seal(MemoryHub.Table table, List<Row> rows) {
        Set<Long> ids = new HashSet<>();
        rows.forEach(row -> {
            row.snapshot = snapshot;
            ids.add(row.id);
        });
        for (Row.Edit edit : table.journal) {
            if (ids.contains(edit.row()) && mutant != Mutant.AN_EDIT_IS_NOT_KEPT_IN_HISTORY) {
                table.history.add(new Row.Past(edit.row(), edit.key(), edit.revisionBefore(), edit.snapshotBefore() == 0 ? snapshot : edit.snapshotBefore(),
                        snapshot, edit.validFromBefore(), edit.at(), edit.deletedBefore(), edit.before()));
            }
        }
        table.journal.removeIf(edit -> ids.contains(edit.row()));
    }

    private void write(MemoryHub.Table table) {
        List<Staged> all = staged(table);
        for (Staged one : all) {
            if (one.settledBy != null && one.outcome != Outcome.HELD && mutant != Mutant.A_POLICY_DECIDES_IN_SILENCE) {
                logSettled(table, one, table.byId.get(one.row));
            }
        }
        for (Staged one : all) {
            if (one.outcome == Outcome.CONFLICT && mutant != Mutant.A_CONFLICT_IS_FORGOTTEN) {
                openConflict(table, one, table.byId.get(one.row));
            }
        }
        Set<Long> written = new HashSet<>();
        for (Staged one : all) {
            if (WRITING.contains(one.outcome) && !written.add(one.row)) {
                throw new Broken(1, "a row of " + table.entity.name() + " has two plans: " + table.byId.get(one.row).key);
            }
        }
        for (Staged one : all) {
            Row row = one.row == null ? null : table.byId.get(one.row);
            if (row != null && WRITING.contains(one.outcome) && (row.revision == one.revision || mutant == Mutant.MOVED_ROWS_ARE_NOT_JUDGED_AGAIN)) {
                update(table, one, row);
            } else if (row != null && one.agrees && !one.writes && TOUCHING.contains(one.outcome) && row.revision == one.revision) {
                touch(one, row);
            }
        }
        if (mutant == Mutant.AN_UNCHANGED_RECORD_IS_A_VERSION) {
            plan.seen(table.entity.name()).forEach(id -> table.byId.get(id).revision++);
        }
        all.stream().filter(one -> one.outcome == Outcome.CREATE).forEach(one -> create(table, one));
    }

    private static String kind(Staged one, Row row) {
        return one.isGone() ? "deleted-there" : row.deleted && row.deletedHere ? "deleted-here" : "changed-both";
    }

    private void logSettled(MemoryHub.Table table, Staged one, Row row) {
        Row.Conflict settled = new Row.Conflict(row);
        settled.kind = kind(one, row);
        settled.base = row.base == null ? row.document : row.base;
        settled.theirs = one.isGone() ? null : one.theirs();
        settled.ours = row.document;
        settled.rowRevision = row.revision;
        boolean ours = one.outcome == Outcome.UNCHANGED || row.document.equals(one.merged()) && one.outcome != Outcome.DELETE;
        settled.settled = ours ? "ours" : one.merged() == null || one.outcome == Outcome.DELETE ? "theirs" : "merged";
        table.conflicts.add(settled);
    }

    private void openConflict(MemoryHub.Table table, Staged one, Row row) {
        boolean fresh = row.conflict == null;
        Row.Conflict conflict = fresh ? new Row.Conflict(row) : row.conflict;
        Long version = one.observed == null || one.observed.version() == null ? conflict.version : one.observed.version();
        var modified = one.observed == null || one.observed.modifiedAt() == null ? conflict.modified : one.observed.modifiedAt();
        boolean same = !fresh && Arrays.equals(conflict.theirsHash, one.agreedHash()) && conflict.ours.equals(row.document)
                && conflict.rowRevision == row.revision && Objects.equals(version, conflict.version) && Objects.equals(modified, conflict.modified);
        if (!same) {
            conflict.kind = kind(one, row);
            conflict.base = row.base == null ? row.document : row.base;
            conflict.theirs = one.isGone() ? null : one.theirs();
            conflict.theirsHash = one.agreedHash();
            conflict.ours = row.document;
            conflict.version = version;
            conflict.modified = modified;
            conflict.rowRevision = row.revision + (fresh ? 1 : 0);
            conflict.shown = at;
        }
        if (fresh) {
            table.conflicts.add(conflict);
            row.conflict = conflict;
            row.pending = false;
            row.revision++;
        }
    }

    private void update(MemoryHub.Table table, Staged one, Row row) {
        if (mutant != Mutant.HISTORY_IS_NOT_KEPT) {
            table.history.add(new Row.Past(row.id, row.key, row.revision, row.snapshot, snapshot, row.validFrom, at, row.deleted, row.document));
        }
        endConflict(row);
        boolean linkedDeleted = one.outcome == Outcome.LINK && row.deleted;
        row.base = one.merged() != null || linkedDeleted ? one.theirs() : null;
        row.pending = one.merged() != null && !one.isGone() || linkedDeleted;
        if (one.writes) {
            row.document = one.written;
            hub.families.written(table, row);
        }
        agree(row, one);
        row.synced = at;
        if (one.outcome == Outcome.LINK) {
            table.call(row, one.key());
        } else {
            row.deleted = one.outcome == Outcome.DELETE;
            row.deletedHere = false;
        }
        row.revision++;
        row.snapshot = snapshot;
        row.validFrom = at;
        if (mutant == Mutant.OTHER_COLUMNS_ARE_EMPTIED) {
            row.note = null;
        }
    }

    private static Document base(Staged one, Row row, Row before) {
        boolean asItWas = row.base == null && one.outcome == Outcome.UNCHANGED && (!one.isGone() || before.isGoneThere());
        if (asItWas || one.isGone() && one.outcome == Outcome.CONVERGED) {
            return null;
        }
        return one.isGone() ? row.deleted ? row.base : row.base == null ? row.document : row.base
                : one.theirs().equals(row.document) && !row.deleted ? null : one.theirs();
    }

    private static void endConflict(Row row) {
        if (row.conflict != null && row.conflict.settled == null) {
            row.conflict.settled = "moot";
        }
        row.conflict = null;
    }

    private static void agree(Row row, Staged one) {
        row.agreed = one.agreedHash();
        if (one.observed != null && one.observed.version() != null) {
            row.version = one.observed.version();
        }
        if (one.observed != null && one.observed.modifiedAt() != null) {
            row.modified = one.observed.modifiedAt();
        }
    }

    private void touch(Staged one, Row row) {
        Row before = row.copy();
        agree(row, one);
        row.base = base(one, row, before);
        endConflict(row);
        boolean same = Arrays.equals(before.agreed, row.agreed) && Objects.equals(before.version, row.version) && Objects.equals(before.modified, row.modified)
                && Objects.equals(before.base, row.base) && before.conflict == null;
        if (!same) {
            row.pending = row.base != null && !row.isNothingToSend();
            row.synced = at;
            row.revision++;
        }
    }

    private void create(MemoryHub.Table table, Staged one) {
        Row row = hub.newRow();
        row.key = one.key();
        row.document = one.theirs();
        agree(row, one);
        row.synced = at;
        row.deleted = one.isGone();
        row.snapshot = mutant == Mutant.A_ROW_POINTS_TO_NO_SNAPSHOT ? snapshot + 1 : snapshot;
        row.validFrom = at;
        hub.families.written(table, row);
        table.add(row);
    }

    private void attend(MemoryHub.Table table) {
        Set<String> done = new HashSet<>();
        if (mutant != Mutant.WHAT_IS_SET_ASIDE_IS_FORGOTTEN) {
            staged(table).stream().filter(one -> ATTENTION.contains(one.outcome)).sorted(Comparator.comparing(one -> -one.page))
                    .filter(one -> done.add(one.outcome + subject(table, one))).forEach(one -> setAside(table, one));
        }
        Set<Long> seen = seenAndNotStale(table);
        table.attention.removeIf(entry -> {
            Row row = entry.key == null ? null : table.byKey.get(entry.key);
            boolean still = staged(table).stream().anyMatch(one -> isAbout(one, entry, row) && one.outcome.word().equals(entry.kind));
            boolean through = staged(table).stream()
                    .anyMatch(one -> isAbout(one, entry, row) && one.outcome != Outcome.STALE && one.outcome != Outcome.HELD)
                    || row != null && (seen.contains(row.id) || row.deleted && entry.kind.equals("held")
                            || entry.kind.equals("parked") && row.synced > entry.seen);
            boolean later = !plan.single || entry.seen < plan.started || mutant == Mutant.AN_OLDER_SHOWING_SETTLES_WHAT_WAITS
                            || staged(table).stream().anyMatch(one -> one.key() != null && one.key().equals(entry.key) && one.outcome != Outcome.STALE
                            && one.theirs() != null && one.theirs().equals(entry.document));
            if (!still && through && later) {
                table.closed.add(entry.kind + " " + entry.subject);
            }
            return !still && through && later;
        });
    }

    private Set<Long> seenAndNotStale(MemoryHub.Table table) {
        Set<Long> seen = new HashSet<>();
        plan.seen.getOrDefault(table.entity.name(), Map.of()).forEach((page, rows) -> Arrays.stream(rows)
                .filter(row -> staged(table).stream().noneMatch(one -> one.page == page && one.outcome == Outcome.STALE && one.row != null && one.row == row))
                .forEach(seen::add));
        return seen;
    }

    private static String subject(MemoryHub.Table table, Staged one) {
        return one.key() != null ? one.key() : one.row == null ? one.observed.raw() : table.byId.get(one.row).key;
    }

    private static boolean isAbout(Staged one, Row.Entry entry, Row row) {
        return entry.key != null && entry.key.equals(one.key()) || entry.row != null && entry.row.equals(one.row) || row != null && one.row != null
                && one.row == row.id;
    }

    private void setAside(MemoryHub.Table table, Staged one) {
        String key = one.key() != null ? one.key() : one.row == null ? null : table.byId.get(one.row).key;
        String subject = subject(table, one);
        Row.Entry entry = table.attention.stream().filter(open -> open.kind.equals(one.outcome.word()) && open.subject.equals(subject)).findFirst()
                .orElse(null);
        if (entry == null) {
            entry = new Row.Entry(one.outcome.word(), subject);
            table.attention.add(entry);
        }
        entry.seen = at;
        entry.key = key;
        entry.row = one.row;
        entry.document = one.theirs();
        entry.version = one.observed == null ? null : one.observed.version();
        entry.modified = one.observed == null ? null : one.observed.modifiedAt();
        entry.deleted = one.isGone();
    }
}
