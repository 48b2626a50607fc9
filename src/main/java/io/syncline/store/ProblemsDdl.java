package io.syncline.store;

import io.syncline.record.Field;
import io.syncline.record.FieldType;

import java.util.stream.Collectors;

/**
 * Promise 20: the function that tells of rows whose columns do not say what their document says, or whose references point elsewhere.
 * The document is read as the columns are declared now, as time travel does: one written before a field was widened or given up is no problem.
 * A reference without a key is a person's own, and a row that is not sealed may still wait for its parent.
 */
final class ProblemsDdl {
    private final EntityTable table;

    ProblemsDdl(EntityTable table) {
        this.table = table;
    }

    String create() {
        return table.fill("""
                create or replace function {problems}(organisation text) returns table (snapshot_id bigint, row_id bigint, problem text)
                language sql stable set timezone = 'UTC' as $$
                    select r.snapshot_id, r.row_id, p.problem
                    from {table} r, lateral (select nullif(r.document, '')::jsonb offset 0) as parsed (d), lateral (select case""") + checks() + """

                    end) as p (problem)
                    where r.org_id = $1 and p.problem is not null
                $$""";
    }

    /** The branches of a {@code case} over a row {@code r} whose document, parsed, is {@code parsed.d}. */
    String checks() {
        return table.entity().shape().fields().stream().map(ProblemsDdl::column).collect(Collectors.joining())
                + table.references().stream().map(this::reference).collect(Collectors.joining());
    }

    private static String column(Field field) {
        String column = "r." + EntityTable.quote(field.name());
        return "\n        when " + compared(field, column) + " is distinct from " + compared(field, TimeTravelDdl.typed(field)) + " then "
                + EntityTable.literal("says something else in " + field.name() + " than in its document");
    }

    private static String compared(Field field, String value) {
        if (field.type() != FieldType.JSON) {
            return "(" + value + ")";
        }
        String some = "nullif(" + value + ", 'null')";
        return field.set() ? "syncline.canonical_set(" + some + ")" : some;
    }

    private String reference(Field field) {
        EntityTable parent = table.parent(field);
        String row = "r." + EntityTable.row(field);
        String key = "r." + EntityTable.quote(field.name());
        return "\n        when " + key + " is not null and (r.snapshot_id <> 0 or " + row + " is not null) and " + row
                + " is distinct from (select p.row_id from " + parent.name("table") + " p where p.org_id = r.org_id and p." + parent.name("side_id") + " = "
                + key + "::text) then " + EntityTable.literal("does not point to the row that its " + field.name() + " names");
    }
}
