package io.syncline.imports;

import io.syncline.config.ImportConfig.Supplier;
import io.syncline.config.LocalTable;
import io.syncline.config.SyncConfig;
import io.syncline.store.EntityTable;
import io.syncline.store.LocalTables;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes true what the lines of one file say, in a handful of statements within the caller's transaction. A line has one outcome. */
final class Taking {
    private static final int SHOWN = 100;

    private final JdbcClient sql;
    private final SyncConfig sync;
    private final LocalTable table;
    private final Supplier supplier;
    private final List<String> fields;
    private final long run;
    private final String organisation;

    /**
     * What came of a file.
     *
     * @param heldEnds how many rows would have ended, and were left because they are too many
     * @param problems the first hundred, as a JSON list
     * @param about    likewise, which records they are about
     */
    record Result(int lines, int created, int updated, int unchanged, int rejected, int unknown, int ended, int heldEnds, String problems, String about) {
    }

    Taking(JdbcClient sql, SyncConfig sync, LocalTable table, Supplier supplier, long run, String organisation) {
        this.sql = sql;
        this.sync = sync;
        this.table = table;
        this.supplier = supplier;
        this.run = run;
        this.organisation = organisation;
        this.fields = table.fields().keySet().stream().filter(field -> supplier.columns().containsKey(field) || supplier.set().containsKey(field)).toList();
    }

    /** @param forced also where more rows than usual would end */
    Result take(boolean forced) {
        bound("update syncline_staging.import_line set outcome = 'rejected' where import_run = :run and problem is not null").update();
        rejectRepeated();
        findRecords();
        findRows();
        decide();
        tellOverwritten();
        update();
        create();
        int held = supplier.endsMissing() ? end(forced) : 0;
        Result result = result(held);
        bound("delete from syncline_staging.import_line where import_run = :run").update();
        return result;
    }

    private void rejectRepeated() {
        bound("""
                with repeated as (
                    select line, first_value(line) over (partition by {said_key} order by line) as first
                    from syncline_staging.import_line l where import_run = :run and outcome is null)
                update syncline_staging.import_line l set outcome = 'rejected', problem = 'says something of the same row as line ' || r.first
                from repeated r where l.import_run = :run and l.line = r.line and r.first <> r.line""").update();
    }

    /** A record that is deleted is found where no living one is called the same: what was known of it stays true. */
    private void findRecords() {
        bound("""
                with wanted as materialized (
                    select distinct found_by from syncline_staging.import_line where import_run = :run and outcome is null),
                found as materialized (
                    select e.{by}::text as found_by, count(*) filter (where e.deleted_at is null) as alive, count(*) as known,
                           min(e.row_id) filter (where e.deleted_at is null) as live_row, min(e.row_id) as any_row
                    from {entity} e join wanted w on w.found_by = e.{by}::text where e.org_id = :organisation group by 1)
                update syncline_staging.import_line l
                set target = case when f.alive = 1 then f.live_row when f.alive = 0 and f.known = 1 then f.any_row end,
                    outcome = case when f.found_by is null then 'unknown' when f.alive > 1 or f.alive = 0 and f.known > 1 then 'rejected' end,
                    problem = case when f.found_by is null then 'there is no record of {entity_name} whose {by_name} is ' || l.found_by
                                   when f.alive > 1 or f.alive = 0 and f.known > 1
                                       then 'there are ' || greatest(f.alive, f.known) || ' records of {entity_name} whose {by_name} is ' || l.found_by end
                from wanted w left join found f on f.found_by = w.found_by
                where l.import_run = :run and l.outcome is null and l.found_by = w.found_by""").update();
    }

    private void findRows() {
        bound("""
                with locked as materialized (
                    select l.line, t.row_id from syncline_staging.import_line l join {table} t on t.org_id = :organisation and {same_key}
                    where l.import_run = :run and l.outcome is null order by t.row_id for no key update of t)
                update syncline_staging.import_line l set row_id = k.row_id from locked k where l.import_run = :run and l.line = k.line""").update();
    }

    /** Compared is what the file said last: what people changed here since stays until the supplier says something new. */
    private void decide() {
        bound("""
                update syncline_staging.import_line l
                set outcome = case when t.row_id is null then 'created' when t.source is null then 'rejected'
                                   when t.imported = l.said and t.ended_at is null and t.{record} = l.target then 'unchanged' else 'updated' end,
                    problem = case when t.source is null and t.row_id is not null then 'somebody made this row by hand, so it is left as it is' end
                from syncline_staging.import_line n left join {table} t on t.row_id = n.row_id
                where n.import_run = :run and l.import_run = :run and n.line = l.line and l.outcome is null""").update();
    }

    /** Promise 4: a value that a person wrote and a newer list overwrites is told with both. */
    private void tellOverwritten() {
        bound("""
                update syncline_staging.import_line l set problem = 'what was changed here by hand was replaced: ' || c.told
                from syncline_staging.import_line n join {table} t on t.row_id = n.row_id, lateral (
                    select string_agg(h.key || ' was ' || h.value || ' and is ' || coalesce(nullif(n.said -> h.key, 'null')::text, 'empty'), ', ') as told
                    from jsonb_each(jsonb_build_object({row_said})) h
                    where coalesce(h.value, 'null') <> coalesce(t.imported -> h.key, 'null')
                      and coalesce(h.value, 'null') <> coalesce(n.said -> h.key, 'null')) c
                where n.import_run = :run and n.outcome = 'updated' and l.import_run = :run and l.line = n.line and c.told is not null""").update();
    }

    private void update() {
        bound("""
                update {table} t set {assignments}, {record} = l.target, imported = l.said, source = :supplier, ended_at = null,
                       valid_since = case when row({row_fields}) is distinct from row({said_fields}) then clock_timestamp() else t.valid_since end
                from syncline_staging.import_line l where l.import_run = :run and l.outcome = 'updated' and t.row_id = l.row_id""").update();
    }

    private void create() {
        bound("""
                insert into {table} (org_id, {record}, {columns}, source, imported)
                select :organisation, l.target, {said_fields}, :supplier, l.said from syncline_staging.import_line l
                where l.import_run = :run and l.outcome = 'created' order by l.line
                on conflict (org_id, {key}) do nothing""").update();
        bound("""
                update syncline_staging.import_line l set outcome = 'rejected', problem = 'somebody made this row at the same moment'
                where l.import_run = :run and l.outcome = 'created' and not exists (
                    select from {table} t where t.org_id = :organisation and {same_key} and t.source = :supplier and t.imported = l.said)""").update();
    }

    /** A file with a line that nobody can read does not prove that a row is missing from it; and who lists next to nothing has sent half a list. */
    private int end(boolean forced) {
        if (bound("select exists (select from syncline_staging.import_line where import_run = :run and said is null)"
                + " or not exists (select from syncline_staging.import_line where import_run = :run)").query(Boolean.class).single()) {
            return 0;
        }
        String missing = """
                \sfrom {table} t where t.org_id = :organisation and t.source = :supplier and t.ended_at is null
                  and not exists (select from syncline_staging.import_line l where l.import_run = :run and {same_key})""";
        int would = bound("select count(*)" + missing).query(Integer.class).single();
        int all = bound("select count(*) from {table} t where t.org_id = :organisation and t.source = :supplier and t.ended_at is null")
                .query(Integer.class).single();
        if (!forced && would > 5 && would * 5L > all) {
            return would;
        }
        bound("update {table} u set ended_at = clock_timestamp() where u.row_id in (select t.row_id" + missing + ")").update();
        return -would;
    }

    private Result result(int held) {
        List<String> problems = bound("""
                select coalesce(json_agg(json_build_object('line', line, 'outcome', outcome, 'problem', problem) order by line), '[]')::text,
                       coalesce(json_agg(json_build_object('line', line, 'foundBy', found_by, 'row', target) order by line), '[]')::text
                from (select line, outcome, problem, found_by, target from syncline_staging.import_line where import_run = :run and problem is not null
                      order by line limit {shown}) p""").query((row, n) -> List.of(row.getString(1), row.getString(2))).single();
        return bound("""
                select count(*), count(*) filter (where outcome = 'created'), count(*) filter (where outcome = 'updated'),
                       count(*) filter (where outcome = 'unchanged'), count(*) filter (where outcome = 'rejected'), count(*) filter (where outcome = 'unknown')
                from syncline_staging.import_line where import_run = :run""").query((row, n) -> new Result(row.getInt(1), row.getInt(2), row.getInt(3),
                row.getInt(4), row.getInt(5), row.getInt(6), Math.max(0, -held), Math.max(0, held), problems.get(0), problems.get(1)))
                .single();
    }

    private String said(String field) {
        return "(l.said ->> " + EntityTable.literal(field) + ")::" + table.fields().get(field).columnType();
    }

    private static String each(List<String> of, String between, Function<String, String> as) {
        return of.stream().map(as).collect(Collectors.joining(between));
    }

    private JdbcClient.StatementSpec bound(String statement) {
        Map<String, String> names = Map.ofEntries(
                Map.entry("{table}", LocalTables.name(sync, table)),
                Map.entry("{record}", LocalTables.record(table)),
                Map.entry("{entity}", new EntityTable(sync, sync.entity(table.references())).name("table")),
                Map.entry("{entity_name}", table.references()),
                Map.entry("{by}", EntityTable.quote(supplier.findBy())),
                Map.entry("{by_name}", supplier.findBy()),
                Map.entry("{key}", each(table.key(), ", ", EntityTable::quote)),
                Map.entry("{said_key}", each(table.key(), ", ", this::said)),
                Map.entry("{same_key}", each(table.key(), " and ", field -> "t." + EntityTable.quote(field) + " = " + said(field))),
                Map.entry("{columns}", each(fields, ", ", EntityTable::quote)),
                Map.entry("{said_fields}", each(fields, ", ", this::said)),
                Map.entry("{row_fields}", each(fields, ", ", field -> "t." + EntityTable.quote(field))),
                Map.entry("{row_said}", each(fields, ", ", field -> EntityTable.literal(field) + ", to_jsonb(t." + EntityTable.quote(field) + ")")),
                Map.entry("{assignments}", each(fields, ", ", field -> EntityTable.quote(field) + " = " + said(field))),
                Map.entry("{shown}", Integer.toString(SHOWN)));
        String filled = statement;
        for (Map.Entry<String, String> name : names.entrySet()) {
            filled = filled.replace(name.getKey(), name.getValue());
        }
        return sql.sql(filled).param("run", run).param("organisation", organisation).param("supplier", supplier.name());
    }
}
