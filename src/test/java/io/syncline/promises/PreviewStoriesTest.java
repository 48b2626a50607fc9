package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.preview.PlanRow;
import io.syncline.preview.Plans;
import io.syncline.run.Mode;
import io.syncline.store.Selection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static io.syncline.RunningSyncline.json;
import static io.syncline.promises.Pricebook.counts;
import static io.syncline.promises.Pricebook.state;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promise 16 over two products that live through the same at random: one makes full runs, the other previews and applies, at once, in parts, or after people
 * went on working. What comes of it is the same, row by row; the seed replays it.
 */
class PreviewStoriesTest {
    private static final long SEED = 20261121;
    private static final int ROUNDS = 12;
    private static final List<String> ENTITIES = List.of("categories", "services", "materials", "equipment");
    private static final Map<String, String> NO_RETRIES = Map.of("syncline.retry.first", "1h");

    @TempDir
    private Path folder;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private Pricebook runs;
    private Pricebook previews;
    private int edits;

    @BeforeEach
    void start() {
        runs = Pricebook.open(folder.resolve("runs"), NO_RETRIES);
        previews = Pricebook.open(folder.resolve("previews"), NO_RETRIES);
        runs.full();
        previews.full();
    }

    @AfterEach
    void stop() {
        runs.close();
        previews.close();
    }

    @Test
    void aPreviewIsWhatApplyingItDoesAndWhatTheFullRunWouldHaveDone() {
        int moved = 0;
        int applied = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            String at = "seed " + SEED + ", round " + round;
            somethingHappens();
            long plan = previews.dry(Mode.FULL).path("run").asLong();
            List<PlanRow> shown = rows(plan, null);
            Set<String> touched = round % 3 == 0 ? peopleGoOn(shown) : Set.of();
            boolean others = round % 4 == 0;
            if (others) {
                sourceGoesOn();
                previews.incremental();
            }
            Map<String, String> gone = versions(rows(plan, true));
            Set<String> edited = shown.stream().map(PreviewStoriesTest::name).filter(touched::contains).collect(Collectors.toCollection(TreeSet::new));
            if (others) {
                assertThat(gone.keySet()).as(at).containsAll(edited);
            } else {
                assertThat(gone.keySet()).as(at).isEqualTo(edited);
            }
            JsonNode expected = runs.full();
            if (round % 2 == 0 && !shown.isEmpty()) {
                Selection part = part(shown);
                if (part != null) {
                    assertThat(state(apply(plan, part))).as(at).isEqualTo("published");
                }
            }
            List<PlanRow> standing = rows(plan, false);
            JsonNode report = apply(plan, null);
            assertThat(setAside(report)).as(at).containsAll(gone.keySet());
            assertThat(versions(rows(plan, true))).as("what had moved stays as it was, " + at).containsAllEntriesOf(gone);
            assertApplied(at, standing, setAside(report));
            if (touched.isEmpty() && !others) {
                if (round % 2 != 0) {
                    assertCounts(at, shown, report, expected);
                }
                assertThat(told(previews)).as(at).isEqualTo(told(runs));
                JsonNode after = previews.full();
                ENTITIES.forEach(entity -> assertThat(counts(after, entity).keySet()).as(at + after.toPrettyString())
                        .isSubsetOf("unchanged", "held", "rejected", "parked", "stale"));
            } else {
                previews.full();
            }
            assertThat(told(previews)).as(at).isEqualTo(told(runs));
            assertThat(waiting(previews)).as(at).isEqualTo(waiting(runs));
            moved += gone.size();
            applied += shown.size() - gone.size();
        }
        assertThat(moved).isGreaterThan(3);
        assertThat(applied).isGreaterThan(50);
        assertThat(previews.sql().sql("select problem from syncline.verify_chain('pricebook')").query(String.class).list()).isEmpty();
        assertThat(previews.sql().sql("select problem from syncline.verify_ledgers()").query(String.class).list()).isEmpty();
    }

    /** At the source, and in the tables, of both. */
    private void somethingHappens() {
        long seed = random.nextLong();
        int many = 1 + random.nextInt(25);
        for (Pricebook book : List.of(runs, previews)) {
            book.sandbox.clock().advance(Duration.ofMinutes(10));
            book.sandbox.mutate(seed, many);
            book.sandbox.clock().advance(Duration.ofSeconds(20));
        }
        IntStream.range(0, random.nextInt(4)).forEach(i -> someoneEdits(ENTITIES.get(random.nextInt(4)), null));
    }

    /** @return the rows that they have changed */
    private Set<String> peopleGoOn(List<PlanRow> shown) {
        Set<String> touched = new HashSet<>();
        for (PlanRow row : shown) {
            if (random.nextInt(100) < 30) {
                someoneEdits(row.entity(), row.key()).forEach(touched::add);
            }
        }
        return touched;
    }

    /** @param key null for any */
    private List<String> someoneEdits(String entity, String key) {
        String field = entity.equals("categories") ? "name" : "code";
        String which = key != null ? key : pick(entity);
        String value = "edit " + ++edits;
        boolean deletes = random.nextInt(100) < 25;
        int rows = 0;
        for (Pricebook book : List.of(runs, previews)) {
            String before = version(book, entity, which);
            if (deletes) {
                book.sql().sql("delete from pricebook." + entity + " where st_id = ? and deleted_at is null").param(which).update();
            } else {
                book.sql().sql("update pricebook." + entity + " set " + field + " = ? where st_id = ?").params(value, which).update();
            }
            rows += version(book, entity, which).equals(before) ? 0 : 1;
        }
        return rows == 0 ? List.of() : List.of(entity + " " + which);
    }

    private static String version(Pricebook book, String entity, String key) {
        return book.sql().sql("select concat_ws(' ', revision, deleted_at is not null, document) from pricebook." + entity + " where st_id = ?").param(key)
                .query(String.class).optional().orElse("");
    }

    private String pick(String entity) {
        List<String> keys = runs.sql().sql("select st_id from pricebook." + entity + " order by st_id collate \"C\"").query(String.class).list();
        return keys.get(random.nextInt(keys.size()));
    }

    private void sourceGoesOn() {
        long seed = random.nextLong();
        for (Pricebook book : List.of(runs, previews)) {
            book.sandbox.clock().advance(Duration.ofMinutes(1));
            book.sandbox.mutate(seed, 8);
            book.sandbox.clock().advance(Duration.ofSeconds(20));
        }
    }

    /** Which version of the table's row each of these is about; empty for none. */
    private Map<String, String> versions(List<PlanRow> rows) {
        Map<String, String> versions = new TreeMap<>();
        rows.forEach(row -> versions.put(name(row), version(previews, row.entity(), row.key())));
        return versions;
    }

    /** Row by row: what stood, and was not set aside with its parent, says now what was shown. */
    private void assertApplied(String at, List<PlanRow> standing, Set<String> setAside) {
        for (PlanRow row : standing) {
            if (setAside.contains(name(row)) || !Set.of("create", "update", "restore", "delete").contains(row.outcome())) {
                continue;
            }
            Map<String, Object> now = previews.sql().sql("select document, deleted_at is not null as deleted from pricebook." + row.entity()
                    + " where st_id = ?")
                    .param(row.key()).query().singleRow();
            assertThat(now.get("deleted")).as(at + ", " + row).isEqualTo(row.outcome().equals("delete") || row.reason()
                    .contains("deleted at the source already"));
            row.fields().stream().filter(field -> field.containsKey("after")).forEach(field ->
                    assertThat(json((String) now.get("document")).path(field.get("field").asText())).as(at + ", " + row)
                            .isEqualTo(json(field.get("after").toString())));
        }
    }

    private Selection part(List<PlanRow> shown) {
        List<Selection.Row> chosen = shown.stream().filter(row -> random.nextBoolean()).map(row -> new Selection.Row(row.entity(), row.key())).toList();
        return chosen.isEmpty() ? null : new Selection(null, null, chosen, null);
    }

    private List<PlanRow> rows(long plan, Boolean moved) {
        List<PlanRow> rows = new ArrayList<>();
        Plans.Position from = null;
        do {
            Plans.Page page = previews.syncline.bean(Plans.class).rows("default", plan, new Plans.Filter(null, null, null, moved), from, 7).orElseThrow();
            rows.addAll(page.rows());
            from = page.next();
        } while (from != null);
        return rows;
    }

    private static String name(PlanRow row) {
        return row.entity() + " " + row.key();
    }

    private JsonNode apply(long plan, Selection selection) {
        return Pricebook.checked(previews.syncline.run(previews.syncline.bean(Plans.class).application("default", plan, selection, "api", "test")
                .orElseThrow()));
    }

    private static Set<String> setAside(JsonNode report) {
        Set<String> named = new TreeSet<>();
        report.path("entities").forEach(entity -> entity.path("setAside").forEach(row -> named.add(entity.path("entity").asText() + " " + row.path("key")
                .asText())));
        return named;
    }

    /** The plan's rows, what applying it says of them, and what the full run says of all but those that needed none. */
    private static void assertCounts(String at, List<PlanRow> shown, JsonNode report, JsonNode expected) {
        for (String entity : ENTITIES) {
            Map<String, Integer> planned = new TreeMap<>();
            shown.stream().filter(row -> row.entity().equals(entity)).forEach(row -> planned.merge(row.outcome(), 1, Integer::sum));
            assertThat(counts(report, entity)).as(at).isEqualTo(planned);
            Map<String, Integer> done = counts(expected, entity);
            done.keySet().removeAll(Set.of("unchanged", "stale"));
            planned.keySet().removeAll(Set.of("unchanged", "stale"));
            assertThat(planned).as(at).isEqualTo(done);
        }
    }

    /** Every row, its past, and every conflict, without what only says when. */
    private static List<String> told(Pricebook book) {
        List<String> told = new ArrayList<>();
        for (String entity : ENTITIES) {
            told.addAll(book.sql().sql("select '" + entity + " ' || concat_ws('|', st_id, document, deleted_at is not null, deleted_by_side,"
                    + " encode(st_hash, 'hex'),"
                    + " st_modified_on, coalesce(st_base, 'as agreed'), has_conflict, sync_status, revision, (select count(*) from pricebook." + entity
                    + "_history h where h.row_id = t.row_id)) from pricebook." + entity + " t order by st_id collate \"C\"").query(String.class).list());
        }
        told.addAll(book.sql().sql("select concat_ws('|', entity, key, kind, state, settled_how, fields, base, theirs, ours, row_revision)"
                + " from syncline.conflict order by 1")
                .query(String.class).list());
        return told;
    }

    /** What waits for attention. */
    private static List<String> waiting(Pricebook book) {
        return book.sql().sql("select concat_ws('|', entity, kind, subject, document, raw) from syncline.attention where state = 'open' order by 1")
                .query(String.class).list();
    }
}
