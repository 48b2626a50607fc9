package io.syncline.store;

import io.syncline.change.Change;
import io.syncline.change.Classifier;
import io.syncline.change.Outcome;
import io.syncline.change.Rules;
import io.syncline.change.Stored;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever was stored, shown and declared: a publish makes of a row exactly what the classifier's change says, and the same input again is silent. */
@ExtendWith(Store.Closing.class)
class ChangeAppliedTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final int KEYS = 24;
    private static final int ROUNDS = 25;
    private static final Set<Outcome> WRITING = Set.of(Outcome.UPDATE, Outcome.REMAPPED, Outcome.RESTORE, Outcome.DELETE);

    private final Store store = new Store(sync(1));
    private SplittableRandom random;
    private int mapping = 1;

    /** @param mapping where field a stands; that of b is never changed */
    private static SyncConfig sync(int mapping) {
        List<EntityConfig> entities = new ArrayList<>();
        for (Rules.Policy policy : Rules.Policy.values()) {
            for (boolean merges : new boolean[] {false, true}) {
                Shape shape = new Shape(List.of(field("a", "a" + mapping), field("b", "b")));
                String name = policy.name().toLowerCase() + (merges ? "_merged" : "");
                SideMapping side = new SideMapping(shape, List.of(Path.of("id")), null, null, TimeFormat.ISO, null);
                entities.add(new EntityConfig(name, name, shape, side, new Rules(policy, merges, merges ? "local" : "st"), false, EntityConfig.Brake.DEFAULT));
            }
        }
        return Store.sync(entities.toArray(EntityConfig[]::new));
    }

    private static Field field(String name, String from) {
        return new Field(name, FieldType.TEXT, Path.of(from), false, false, false, TimeFormat.ISO, null);
    }

    /** A row as it stands, with its open conflict and what is kept of it. */
    private record Row(long id, int revision, String document, String hash, String agreedHash, Long agreedVersion, Instant agreedAt, String base,
                       String status, boolean hasConflict, boolean deleted, String deletedBy, long history, long settled, String attention,
                       String theirs, String theirsHash, Long theirsVersion, Instant theirsAt, String ours, String conflictBase, String lastSettled,
                       int mapping) {
    }

    private record Judged(EntityConfig entity, String key, Observed observed, Row before, Change change) {
        @Override
        public String toString() {
            return entity.name() + " " + key + "\nbefore " + before + "\n" + change;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aPublishMakesOfARowWhatTheChangeSaysAndTheSameInputAgainIsSilent(long seed) {
        random = new SplittableRandom(seed);
        Map<Outcome, Integer> reached = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            store.sync.entities().forEach(this::edit);
            if (round % 4 == 3) {
                store.sync = sync(++mapping);
                store.tables.migrate(store.sync);
            }
            List<Judged> judged = new ArrayList<>();
            long run = store.open();
            for (EntityConfig entity : store.sync.entities()) {
                List<Judged> some = judge(entity);
                store.stage(run, entity, "default", some.stream().map(Judged::change).toList());
                judged.addAll(some);
            }
            Map<String, Map<String, Row>> before = allRows();
            Published published = store.publish(run);
            for (EntityConfig entity : store.sync.entities()) {
                Map<String, Row> after = rows(entity);
                Map<String, Stored> stored = states(entity);
                Classifier classifier = store.classifier(entity);
                for (Judged each : judged) {
                    if (each.entity == entity) {
                        reached.merge(each.change.outcome(), 1, Integer::sum);
                        check(each, after.get(each.key));
                        again(each, classifier, stored.get(each.key));
                    }
                }
            }
            if (round % 3 == 1 && published.snapshot() != null) {
                Map<String, Map<String, Row>> after = allRows();
                store.rollBack(published.snapshot());
                allRows().forEach((entity, rows) -> rows.forEach((key, row) -> checkRolledBack(before.get(entity).get(key), after.get(entity).get(key), row)));
            }
        }
        assertThat(reached.keySet()).contains(Outcome.CREATE, Outcome.UPDATE, Outcome.RESTORE, Outcome.DELETE, Outcome.CONFLICT, Outcome.CONVERGED,
                Outcome.UNCHANGED, Outcome.STALE, Outcome.REJECTED, Outcome.REMAPPED);
        assertThat(store.count("syncline.conflict where settled_how = 'moot'")).isPositive();
        assertThat(store.chain.firstBroken("pricebook", "default")).isEmpty();
    }

    private void edit(EntityConfig entity) {
        String table = "pricebook." + entity.name();
        for (int key = 0; key < KEYS; key++) {
            String row = " where st_id = '" + key + "'";
            switch (random.nextInt(12)) {
                case 0, 1 -> store.jdbc.update("update " + table + " set a = ?" + row, letter());
                case 2 -> store.jdbc.update("update " + table + " set b = ?" + row, letter());
                case 3 -> store.jdbc.update("delete from " + table + row);
                case 4 -> store.jdbc.update("update " + table + " set deleted_at = null" + row);
                case 5 -> store.jdbc.update("update " + table
                        + " set a = coalesce(st_base, document)::jsonb ->> 'a', b = coalesce(st_base, document)::jsonb ->> 'b'" + row);
                default -> { }
            }
        }
    }

    private List<Judged> judge(EntityConfig entity) {
        Map<String, Row> before = rows(entity);
        Map<String, Stored> stored = states(entity);
        Classifier classifier = store.classifier(entity);
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            String key = Integer.toString(i);
            int kind = random.nextInt(10);
            if (kind == 0 && stored.containsKey(key)) {
                judged.add(new Judged(entity, key, null, before.get(key), classifier.absent(stored.get(key))));
            } else if (kind < 9) {
                Observed observed = observed(entity, key, before.get(key));
                judged.add(new Judged(entity, key, observed, before.get(key), classifier.classify(observed, stored.get(key))));
            }
        }
        return judged;
    }

    private Observed observed(EntityConfig entity, String key, Row row) {
        Long version = random.nextInt(3) > 0 ? null : Long.valueOf(random.nextInt(6));
        Instant modified = random.nextInt(3) > 0 ? null : NOON.plusSeconds(random.nextInt(6));
        boolean deleted = random.nextInt(6) == 0;
        if (random.nextInt(12) == 0) {
            return new Observed(key, null, version, modified, false, List.of("a: is missing"), "{}");
        }
        Document document = deleted && random.nextBoolean() ? null
                : row != null && random.nextInt(3) == 0 ? Document.stored(row.document)
                : row != null && row.base != null && random.nextInt(3) == 0 ? Document.stored(row.base)
                : Document.stored("{\"a\":\"" + letter() + "\",\"b\":\"" + letter() + "\"}");
        return new Observed(key, document, version, modified, deleted, List.of(), null);
    }

    private String letter() {
        return "xyz".substring(random.nextInt(3)).substring(0, 1);
    }

    private Map<String, Stored> states(EntityConfig entity) {
        return store.states.find(store.sync, entity, "default", IntStream.range(0, KEYS).mapToObj(Integer::toString).toList());
    }

    private void check(Judged judged, Row after) {
        Change change = judged.change;
        Row before = judged.before;
        Observed observed = judged.observed;
        boolean gone = observed == null || observed.deleted();
        if (change.outcome() == Outcome.REJECTED) {
            assertThat(after == null ? change.reason() : after.attention).as("%s", judged).isEqualTo(change.reason());
        }
        if (before == null && change.outcome() != Outcome.CREATE) {
            assertThat(after).as("%s", judged).isNull();
            return;
        }
        assertThat(after).as("%s", judged).isNotNull();
        String theirs = observed == null || observed.document() == null ? null : observed.document().text();
        String document = change.document() == null ? before.document : change.document().text();
        boolean deleted = switch (change.outcome()) {
            case DELETE -> true;
            case UPDATE, RESTORE -> false;
            case CREATE -> gone;
            default -> before.deleted;
        };
        assertThat(after.document).as("%s\nafter %s", judged, after).isEqualTo(document);
        assertThat(after.hash).as("%s\nafter %s", judged, after).isEqualTo(Document.stored(document).hashHex());
        assertThat(after.deleted).as("%s\nafter %s", judged, after).isEqualTo(deleted);
        assertThat(after.history).as("versions of %s\nafter %s", judged, after).isEqualTo(before == null ? 0 : before.history
                + (WRITING.contains(change.outcome()) || change.document() != null ? 1 : 0));
        assertThat(after.settled).as("settled conflicts of %s\nafter %s", judged, after)
                .isEqualTo((before == null ? 0 : before.settled) + (change.settledBy() != null || change.endsConflict() && before != null && before.hasConflict
                ? 1 : 0));
        boolean conflict = change.outcome() == Outcome.CONFLICT || before != null && before.hasConflict && !change.endsConflict();
        assertThat(after.hasConflict).as("%s\nafter %s", judged, after).isEqualTo(conflict);
        assertThat(after.theirsHash != null).as("the open conflict of %s\nafter %s", judged, after).isEqualTo(conflict);
        boolean read = change.document() != null && theirs != null || change.agrees() && !gone;
        assertThat(after.mapping).as("%s\nafter %s", judged, after).isEqualTo(read ? mapping : before.mapping);
        if (change.base() != null) {
            assertThat(Arrays.asList(after.agreedHash, after.agreedVersion, after.agreedAt, after.base)).as("%s\nafter %s", judged, after)
                    .isEqualTo(Arrays.asList(before.agreedHash.isEmpty() ? "" : change.base().hashHex(), before.agreedVersion, before.agreedAt,
                    change.base().text()));
            assertThat(after.status).as("%s\nafter %s", judged, after).isEqualTo("conflict");
            assertThat(after.revision).as("%s\nafter %s", judged, after).isEqualTo(before.revision + 1);
            assertThat(Arrays.asList(after.theirs, after.ours, after.conflictBase)).as("%s\nafter %s", judged, after)
                    .isEqualTo(Arrays.asList(theirs, document, change.base().text()));
        } else if (change.agrees()) {
            Stored.Agreement agreement = change.agreement();
            boolean kept = before != null && before.base == null && Set.of(Outcome.UNCHANGED, Outcome.REMAPPED).contains(change.outcome())
                    && (!gone || before.agreedHash.isEmpty());
            String base = kept ? null : !gone ? document.equals(theirs) && !deleted ? null : theirs
                    : change.outcome() == Outcome.UNCHANGED ? before.deleted ? before.base : Objects.requireNonNullElse(before.base, before.document) : null;
            assertThat(after.agreedHash).as("%s\nafter %s", judged, after).isEqualTo(agreement.hash() == null ? "" : HexFormat.of()
                    .formatHex(agreement.hash()));
            assertThat(after.agreedVersion).as("%s\nafter %s", judged, after).isEqualTo(agreement.version());
            assertThat(after.agreedAt).as("%s\nafter %s", judged, after).isEqualTo(agreement.modifiedAt());
            assertThat(after.base).as("%s\nafter %s", judged, after).isEqualTo(base);
            // What is deleted there and stays deleted here has nothing to be sent.
            assertThat(after.status).as("%s\nafter %s", judged, after).isEqualTo(base == null || agreement.hash() == null && deleted
                    ? "synced" : "pending_push");
        } else {
            assertThat(Arrays.asList(after.agreedHash, after.agreedVersion, after.agreedAt, after.base)).as("%s\nafter %s", judged, after)
                    .isEqualTo(Arrays.asList(before.agreedHash, before.agreedVersion, before.agreedAt, before.base));
            assertThat(after.status).as("%s\nafter %s", judged, after).isEqualTo(conflict ? "conflict" : before.status);
            assertThat(after.revision).as("%s\nafter %s", judged, after).isEqualTo(before.revision + (conflict && !before.hasConflict ? 1 : 0));
        }
        if (change.outcome() == Outcome.CONFLICT) {
            assertThat(Arrays.asList(after.theirs, after.ours, after.conflictBase)).as("%s\nafter %s", judged, after)
                    .isEqualTo(Arrays.asList(gone ? null : theirs, document,
                            change.base() != null ? change.base().text() : Objects.requireNonNullElse(before.base, before.document)));
            assertThat(after.theirsHash).as("%s\nafter %s", judged, after).isEqualTo(gone ? "" : observed.document().hashHex());
            assertThat(after.theirsVersion).as("%s\nafter %s", judged, after).isEqualTo(observed == null || observed.version() == null ? before.theirsVersion
                    : observed.version());
                    assertThat(after.theirsAt).as("%s\nafter %s", judged, after).isEqualTo(observed == null || observed.modifiedAt() == null ? before.theirsAt
                    : observed.modifiedAt());
        }
        if (change.settledBy() != null) {
            String winner = Set.of(Outcome.UNCHANGED, Outcome.REMAPPED).contains(change.outcome()) ? "ours" : change.outcome() == Outcome.DELETE ? "theirs"
                    : document.equals(theirs) ? "theirs" : document.equals(before.document) ? "ours" : "merged";
            assertThat(after.lastSettled).as("Promise 4: %s\nafter %s", judged, after)
                    .isEqualTo(winner + " " + before.document + " " + (gone ? "-" : theirs));
        }
    }

    private Map<String, Map<String, Row>> allRows() {
        Map<String, Map<String, Row>> all = new LinkedHashMap<>();
        store.sync.entities().forEach(entity -> all.put(entity.name(), rows(entity)));
        return all;
    }

    /** What the publish wrote says again what it said, as far as no conflict is open; all that was agreed stays, and nobody is taken for having edited it. */
    private static void checkRolledBack(Row before, Row after, Row back) {
        String told = "before " + before + "\nafter " + after + "\nback " + back;
        boolean written = before == null || after.history > before.history;
        boolean same = before == null ? after.deleted : before.document.equals(after.document) && before.deleted == after.deleted;
        if (!written || same || after.hasConflict) {
            assertThat(back).as(told).isEqualTo(after);
            return;
        }
        boolean overruled = before != null && after.base == null && after.settled > before.settled
                && after.lastSettled.startsWith("theirs " + before.document + " ");
        assertThat(back.document).as(told).isEqualTo(before == null ? after.document : before.document);
        assertThat(back.hash).as(told).isEqualTo(Document.stored(back.document).hashHex());
        assertThat(back.deleted).as(told).isEqualTo(before == null || before.deleted);
        assertThat(back.history).as(told).isEqualTo(after.history + 1);
        assertThat(back.base).as(told).isEqualTo(overruled ? after.document : after.base);
        assertThat(back.status).as(told).isEqualTo(back.base == null ? "synced" : "pending_push");
        assertThat(Arrays.asList(back.agreedHash, back.agreedVersion, back.agreedAt, back.mapping, back.settled, back.hasConflict)).as(told)
                .isEqualTo(Arrays.asList(after.agreedHash, after.agreedVersion, after.agreedAt, after.mapping, after.settled, false));
    }

    /** Promise 10. */
    private static void again(Judged judged, Classifier classifier, Stored stored) {
        if (judged.change.outcome() == Outcome.REJECTED || judged.observed == null && stored == null) {
            return;
        }
        Change again = judged.observed == null ? classifier.absent(stored) : classifier.classify(judged.observed, stored);
        assertThat(again.outcome()).as("Promise 10: %s\nagain %s", judged, again).isIn(Outcome.UNCHANGED, Outcome.STALE);
        boolean touchesItsRow = stored != null && again.agrees();
        assertThat(touchesItsRow || again.document() != null || again.settledBy() != null).as("Promise 10: %s\nagain %s", judged, again).isFalse();
    }

    private Map<String, Row> rows(EntityConfig entity) {
        Map<String, Row> rows = new LinkedHashMap<>();
        store.jdbc.query("""
                select t.*, encode(t.hash, 'hex') as hash_hex, encode(t.st_hash, 'hex') as agreed_hex,
                       (select count(*) from pricebook.{history} h where h.row_id = t.row_id)
                       + (select count(*) from syncline.local_edit e where e.entity = ? and e.row_id = t.row_id
                            and e.snapshot_id is null and e.before is not null) as versions,
                       (select count(*) from syncline.conflict c where c.entity = ? and c.row_id = t.row_id and c.state = 'settled') as settled,
                       (select settled_how || ' ' || ours || ' ' || coalesce(theirs, '-') from syncline.conflict c
                        where c.entity = ? and c.row_id = t.row_id and c.state = 'settled' order by id desc limit 1) as last_settled,
                       (select reason from syncline.attention a where a.entity = ? and a.key = t.st_id and a.state = 'open') as attention,
                       c.theirs, encode(c.theirs_hash, 'hex') as theirs_hex, c.theirs_version, c.theirs_modified_on, c.ours, c.base as conflict_base
                from pricebook.{table} t left join syncline.conflict c on c.entity = ? and c.row_id = t.row_id and c.state = 'open'"""
                .replace("{history}", entity.name() + "_history").replace("{table}", entity.name()), row -> {
                    rows.put(row.getString("st_id"), new Row(row.getLong("row_id"), row.getInt("revision"), row.getString("document"),
                            row.getString("hash_hex"), row.getString("agreed_hex"), row.getObject("st_version", Long.class),
                            instant(row.getObject("st_modified_on", OffsetDateTime.class)),
                            row.getString("st_base"), row.getString("sync_status"), row.getBoolean("has_conflict"), row.getObject("deleted_at") != null,
                            row.getString("deleted_by_side"), row.getLong("versions"), row.getLong("settled"), row.getString("attention"),
                            row.getString("theirs"), row.getString("theirs_hex"), row.getObject("theirs_version", Long.class),
                            instant(row.getObject("theirs_modified_on", OffsetDateTime.class)),
                            row.getString("ours"), row.getString("conflict_base"), row.getString("last_settled"), row.getInt("st_mapping")));
                }, entity.name(), entity.name(), entity.name(), entity.name(), entity.name());
        return rows;
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
