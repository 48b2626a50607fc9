package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Document;
import io.syncline.record.Observed;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Compares what a source shows with what the columns of its table say now: not with stored hashes, and not with what was agreed. Nothing here writes a
 * table of the product; what is found lies in an unlogged table until the run's report is written, so that memory is bounded by a page.
 */
@Component
public class Comparisons {
    private static final int EXAMPLES = 10;
    private static final String AGREES = """
            case when %s.hash is null then t.row_id is null or t.deleted_at is not null and not\s""" + Unlike.WRITTEN_AFTER_DELETION + """

                 when t.row_id is null or t.deleted_at is not null then false
                 else coalesce(sha256(convert_to({said}(t), 'UTF8')) = %1$s.hash, false) end""";

    private final JdbcTemplate jdbc;

    public Comparisons(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A record beside its row.
     *
     * @param row     null where there is none
     * @param again   the source has shown it on an earlier page of this run
     * @param finding what was found of it
     */
    public record Compared(Observed observed, Long row, boolean again, Finding finding) {
    }

    /** Something found, for people. */
    public record Example(String key, Finding finding, String document, String said, Row row, String aside) {
    }

    /** What an example's row is like; null where there is none. */
    public record Row(boolean live, boolean edited, boolean conflict, boolean deletedHere, String problem) {
    }

    /** Compares the records of a page, each with another readable key, in one query. */
    public List<Compared> compare(long run, SyncConfig sync, EntityConfig entity, String organisation, Collection<Observed> records) {
        Map<String, Observed> byKey = new LinkedHashMap<>(records.size() * 2);
        records.forEach(observed -> byKey.put(observed.key(), observed));
        String query = new EntityTable(sync, entity).fill("""
                select n.key, t.row_id,
                       exists (select from syncline_staging.compared s where s.run_id = ? and s.entity = {entity} and s.row_id = t.row_id offset 0),
                       t.row_id is not null and t.deleted_at is null, n.hash is not null,\s""" + AGREES.formatted("n") + """

                from unnest(?::text[], ?::bytea[]) as n (key, hash) left join {table} t on t.org_id = ? and t.{side_id} = n.key""");
        return jdbc.execute((Connection connection) -> {
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                statement.setLong(1, run);
                statement.setArray(2, connection.createArrayOf("text", byKey.keySet().toArray()));
                statement.setArray(3, connection.createArrayOf("bytea", byKey.values().stream().map(Comparisons::hash).toArray(byte[][]::new)));
                statement.setString(4, organisation);
                List<Compared> compared = new ArrayList<>(byKey.size());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Observed observed = byKey.get(row.getString(1));
                        compared.add(new Compared(observed, row.getObject(2, Long.class), row.getBoolean(3),
                                finding(observed, row.getBoolean(4), row.getBoolean(5), row.getBoolean(6))));
                    }
                }
                return compared;
            }
        });
    }

    private static Finding finding(Observed observed, boolean live, boolean there, boolean agrees) {
        if (!observed.isFit()) {
            return Finding.REJECTED;
        }
        return agrees ? Finding.MATCHED : there && !live ? Finding.MISSING : there || !live ? Finding.DIFFERENT : Finding.EXTRA;
    }

    /** What the source says of the record; null when it says that there is none. */
    private static byte[] hash(Observed observed) {
        Document document = document(observed);
        return document == null ? null : document.hash();
    }

    private static Document document(Observed observed) {
        return observed == null || !observed.isFit() || observed.deleted() ? null : observed.document();
    }

    /** Keeps the rows of a page, so that it is known of later ones which of theirs were shown before. */
    public void keepRows(long run, EntityConfig entity, int page, long[] rows) {
        jdbc.update("insert into syncline_staging.compared (run_id, entity, page, row_id) select ?, ?, ?, unnest(?::bigint[])", run, entity.name(), page, rows);
    }

    /** Forgets what an earlier attempt at the same page found. */
    public void forget(long run, EntityConfig entity, int page) {
        jdbc.update("delete from syncline_staging.finding where run_id = ? and entity = ? and page = ?", run, entity.name(), page);
        jdbc.update("delete from syncline_staging.compared where run_id = ? and entity = ? and page = ?", run, entity.name(), page);
    }

    /**
     * Something to keep.
     *
     * @param subject  names what it is about within the run and entity
     * @param observed what the source showed, or null for an absence
     */
    public record Kept(String subject, String key, Finding finding, Observed observed, String reason) {
    }

    /**
     * Keeps what was found on a page; of a record found before, the later showing stands.
     *
     * @return how many of them had not been found before
     */
    public int keep(long run, EntityConfig entity, int page, List<Kept> found) {
        if (found.isEmpty()) {
            return 0;
        }
        return jdbc.execute((Connection connection) -> {
            try (PreparedStatement statement = connection.prepareStatement("""
                    with kept as (
                        insert into syncline_staging.finding as f (run_id, entity, subject, page, key, kind, document, hash, reason)
                        select ?, ?, n.subject, ?, n.key, n.kind, n.document, sha256(convert_to(n.document, 'UTF8')), n.reason
                        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) as n (subject, key, kind, document, reason)
                        on conflict (run_id, entity, subject) do update set kind = excluded.kind, document = excluded.document, hash = excluded.hash,
                            reason = excluded.reason
                        returning xmax = 0 as is_new)
                    select count(*) from kept where is_new""")) {
                statement.setLong(1, run);
                statement.setString(2, entity.name());
                statement.setInt(3, page);
                statement.setArray(4, texts(connection, found, Kept::subject));
                statement.setArray(5, texts(connection, found, Kept::key));
                statement.setArray(6, texts(connection, found, kept -> kept.finding().word()));
                statement.setArray(7, texts(connection, found, kept -> document(kept.observed()) == null ? null : document(kept.observed()).text()));
                statement.setArray(8, texts(connection, found, Kept::reason));
                try (ResultSet count = statement.executeQuery()) {
                    count.next();
                    return count.getInt(1);
                }
            }
        });
    }

    private static Array texts(Connection connection, List<Kept> found, Function<Kept, String> each) throws SQLException {
        return connection.createArrayOf("text", found.stream().map(each).toArray());
    }

    /** Of a record that was found before and is shown again as the table has it, the later showing stands, too. */
    public void shownAgain(long run, EntityConfig entity, String subject, Observed observed) {
        Document document = document(observed);
        jdbc.update("update syncline_staging.finding set document = ?, hash = ? where run_id = ? and entity = ? and subject = ?",
                document == null ? null : document.text(), hash(observed), run, entity.name(), subject);
    }

    /**
     * The keys of live rows that a whole read did not show, in order. A row that was written after the run had begun may have come too late for its page.
     *
     * @param afterKey the last key of the batch before, or null for the first
     */
    public List<String> unseen(long run, SyncConfig sync, EntityConfig entity, String organisation, String afterKey, int limit) {
        return jdbc.queryForList(new EntityTable(sync, entity).fill("""
                select t.{side_id} from {table} t
                where t.org_id = ? and t.{side_id} > ? and t.deleted_at is null
                  and t.{side_synced_at} < (select coalesce(started_at, requested_at) from syncline.run where id = ?)
                  and not exists (select from syncline_staging.compared n where n.run_id = ? and n.entity = {entity} and n.row_id = t.row_id offset 0)
                order by t.{side_id} limit ?"""), String.class, organisation, afterKey == null ? "" : afterKey, run, run, limit);
    }

    /**
     * Looks again, in one statement, at everything that was found apart: what agrees by now had been written meanwhile, and of what was written meanwhile
     * and still does not agree nothing can be said.
     */
    public void lookAgain(long run, SyncConfig sync, EntityConfig entity, String organisation) {
        jdbc.update(new EntityTable(sync, entity).fill("""
                update syncline_staging.finding f set kind = case when n.agrees then 'matched' else 'moved' end
                from (select f.subject,\s""" + AGREES.formatted("f") + """
                 as agrees, t.valid_from >= r.began or t.{side_synced_at} >= r.began as moved
                      from syncline_staging.finding f
                      cross join (select coalesce(started_at, requested_at) as began from syncline.run where id = ?) r
                      left join {table} t on t.org_id = ? and t.{side_id} = f.key
                      where f.run_id = ? and f.entity = {entity} and f.kind in ('different', 'missing', 'extra')) n
                where f.run_id = ? and f.entity = {entity} and f.subject = n.subject and (n.agrees or n.moved)"""), run, organisation, run, run);
    }

    /** Rows that were made here and have never been at the source. */
    public int addNeverPushed(long run, SyncConfig sync, EntityConfig entity, String organisation, int page) {
        return jdbc.update(new EntityTable(sync, entity).fill("""
                insert into syncline_staging.finding (run_id, entity, subject, page, kind, reason)
                select ?, {entity}, 'row ' || t.row_id, ?, 'extra', 'made here, waits to be pushed (row ' || t.row_id || ')'
                from {table} t where t.org_id = ? and t.{side_id} is null and t.deleted_at is null"""), run, page, organisation);
    }

    /** Rows that are deleted, that the source did not show either, and that somebody wrote who went around the journal. */
    public int addWrittenAfterDeletion(long run, SyncConfig sync, EntityConfig entity, String organisation, int page) {
        return jdbc.update(new EntityTable(sync, entity).fill("""
                insert into syncline_staging.finding (run_id, entity, subject, page, key, kind, reason)
                select ?, {entity}, 'row ' || t.row_id, ?, t.{side_id}, 'different',
                       case when t.{side_id} is null then 'made and deleted here; it ' || {problem_of}(t) || ' (row ' || t.row_id || ')' end
                from {table} t
                where t.org_id = ? and\s""" + Unlike.WRITTEN_AFTER_DELETION + """
                  and not exists (select from syncline_staging.compared n where n.run_id = ? and n.entity = {entity} and n.row_id = t.row_id offset 0)"""),
                run, page, organisation, run);
    }

    public Map<Finding, Long> counts(long run, EntityConfig entity) {
        Map<Finding, Long> counts = new EnumMap<>(Finding.class);
        jdbc.query("select kind, count(*) from syncline_staging.finding where run_id = ? and entity = ? group by kind",
                row -> { counts.put(finding(row.getString(1)), row.getLong(2)); }, run, entity.name());
        return counts;
    }

    /** Up to ten of each kind, in the order of their keys, with what their rows are like now. */
    public List<Example> examples(long run, SyncConfig sync, EntityConfig entity, String organisation) {
        return jdbc.query(new EntityTable(sync, entity).fill("""
                select f.key, f.kind, f.document, case when t.row_id is not null then {said}(t) end, t.row_id, t.deleted_at is null, t.{side_base} is not null,
                       t.has_conflict, coalesce(t.deleted_by_side = 'local', false), case when t.row_id is not null then {problem_of}(t) end,
                       coalesce(f.reason, a.kind || ': ' || a.reason)
                from (select *, row_number() over (partition by kind order by key, subject) as nr from syncline_staging.finding
                      where run_id = ? and entity = {entity} and kind <> 'matched') f
                left join {table} t on t.org_id = ? and t.{side_id} = f.key
                left join lateral (select kind, reason from syncline.attention where sync = {sync} and entity = {entity} and organisation = ? and key = f.key
                                   and state = 'open' order by id desc limit 1) a on true
                where f.nr <= ? order by f.kind, f.nr"""), (row, n) -> example(row), run, organisation, organisation, EXAMPLES);
    }

    private static Example example(ResultSet row) throws SQLException {
        Row there = row.getObject(5) == null ? null
                : new Row(row.getBoolean(6), row.getBoolean(7), row.getBoolean(8), row.getBoolean(9), row.getString(10));
        return new Example(row.getString(1), finding(row.getString(2)), row.getString(3), row.getString(4), there, row.getString(11));
    }

    private static Finding finding(String word) {
        return Finding.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
