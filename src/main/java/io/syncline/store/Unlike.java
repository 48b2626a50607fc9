package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Rows that do not say what they should: somebody wrote them and went around the journal. */
@Component
public class Unlike {
    /** Rows {@code t} that are deleted, as was agreed or by a person, and that somebody wrote afterwards. */
    static final String WRITTEN_AFTER_DELETION = """
            (t.deleted_at is not null and not coalesce(t.{side_base} is null and t.{side_hash} <> '\\x', false) and {problem_of}(t) is not null)""";
    private static final String AS_SEALED = "sha256(convert_to(t.document, 'UTF8')) = t.hash";
    /** Those among them whose documents, which are what was sealed, still tell what their columns should say. */
    static final String DELETED = "(not t.has_conflict and " + AS_SEALED + " and " + WRITTEN_AFTER_DELETION + ")";
    private static final String NAME = "coalesce(t.{side_id}, 'row ' || t.row_id)";
    private static final String PLANNED = "exists (select from {staging} s where s.run_id = ? and s.row_id = t.row_id and s.writes)";

    private final JdbcTemplate jdbc;

    public Unlike(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** What is wrong with rows of these keys, by key; rows with which nothing is wrong are not in the answer. */
    public Map<String, String> of(SyncConfig sync, EntityConfig entity, String organisation, Collection<String> keys) {
        Map<String, String> problems = new HashMap<>();
        String query = new EntityTable(sync, entity).fill("""
                select t.{side_id}, p.problem from {table} t, lateral (select {problem_of}(t) offset 0) as p (problem)
                where t.org_id = ? and t.{side_id} = any(?) and p.problem is not null""");
        jdbc.query(query, row -> { problems.put(row.getString(1), row.getString(2)); }, organisation, keys.toArray(String[]::new));
        return problems;
    }

    /** The first rows that a run has planned to mend, each with why, in the order of their keys. */
    public List<String> planned(long run, SyncConfig sync, EntityConfig entity, int limit) {
        return jdbc.queryForList(new EntityTable(sync, entity).fill("""
                select key || ' ' || reason from {staging} where run_id = ? and reason like 'repaired: %' and writes order by key limit ?"""), String.class,
                run, limit);
    }

    /** How many rows a run has planned to mend. */
    public long plannedCount(long run, SyncConfig sync, EntityConfig entity) {
        return jdbc.queryForObject(new EntityTable(sync, entity).fill(
                "select count(*) from {staging} where run_id = ? and reason like 'repaired: %' and writes"), Long.class, run);
    }

    /** The first deleted rows that a run mends by their own documents, in order, each with why; a plan writes versions, and theirs stay as they are. */
    public List<String> deleted(long run, SyncConfig sync, EntityConfig entity, String organisation, int limit) {
        return jdbc.queryForList(new EntityTable(sync, entity).fill("select " + NAME + " || ': it ' || {problem_of}(t) from {table} t where t.org_id = ? and "
                + DELETED + " and not " + PLANNED + " order by t.row_id limit ?"), String.class, organisation, run, limit);
    }

    /** Rows that the run leaves as they are: told with why a repair does not reach them. */
    public List<String> left(long run, SyncConfig sync, EntityConfig entity, String organisation, int limit) {
        return jdbc.queryForList(new EntityTable(sync, entity).fill("select " + NAME + """
                 || case when t.has_conflict then ' (in an open conflict)'
                       when t.deleted_at is not null then case when\s""" + AS_SEALED + """
                 then ' (deleted)' else ' (deleted, and its document is not the one that was sealed, so nothing tells what it said)' end
                       when t.{side_id} is null then ' (made here)' else '' end
                from {table} t
                where t.org_id = ? and {problem_of}(t) is not null and not\s""" + DELETED + " and not " + PLANNED + " order by t.row_id limit ?"),
                String.class, organisation, run, limit);
    }
}
