package io.syncline.store;

import io.syncline.record.Field;

import java.util.List;

/** The view of what is there now, and the functions that answer what was there then. */
final class TimeTravelDdl {
    private static final String DAY = "'^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";

    private final EntityTable table;

    TimeTravelDdl(EntityTable table) {
        this.table = table;
    }

    List<String> drop() {
        return List.of(table.fill("drop view if exists {live}"), table.fill("drop function if exists {as_of}(timestamptz)"),
                table.fill("drop function if exists {as_of_snapshot}(bigint)"));
    }

    /** @param columns of the table, people's own included */
    List<String> create(List<String> columns) {
        return List.of("create view " + table.name("live") + " with (security_invoker = true) as select "
                        + String.join(", ", columns) + table.fill(" from {table} where deleted_at is null"),
                table.fill("comment on view {live} is 'Every row that is not deleted.'"),
                function("as_of", "instant timestamptz", "\n                    where syncline.is_past($1)", """
                        select row_id, org_id, {side_id}, snapshot_id, valid_from, document, hash, null::timestamptz from {table}
                        where valid_from <= $1 and deleted_at is null
                        union all
                        select row_id, org_id, {side_id}, from_snapshot, valid_from, document, hash, valid_to from {history}
                        where valid_from <= $1 and valid_to > $1 and not deleted
                        union all
                        select row_id, organisation, side_key, before_snapshot, before_valid_from, before, before_hash, edited_at from syncline.local_edit
                        where sync = {sync} and entity = {entity} and snapshot_id is null and before_valid_from <= $1 and edited_at > $1
                          and not before_deleted"""),
                table.fill("comment on function {as_of}(timestamptz) is "
                        + "'The rows as they stood at an instant, edits included that no snapshot has sealed yet.'"),
                function("as_of_snapshot", "snapshot bigint", "", """
                        select row_id, org_id, {side_id}, snapshot_id, valid_from, document, hash, null::timestamptz from {table}
                        where snapshot_id between 1 and $1 and deleted_at is null and org_id = (select syncline.organisation_of($1, {sync}))
                        union all
                        select row_id, org_id, {side_id}, from_snapshot, valid_from, document, hash, valid_to from {history}
                        where from_snapshot <= $1 and to_snapshot > $1 and not deleted and org_id = (select syncline.organisation_of($1, {sync}))
                        union all
                        select row_id, organisation, side_key, before_snapshot, before_valid_from, before, before_hash, edited_at from syncline.local_edit
                        where sync = {sync} and entity = {entity} and snapshot_id is null and before_snapshot between 1 and $1 and not before_deleted
                          and organisation = (select syncline.organisation_of($1, {sync}))"""),
                table.fill("comment on function {as_of_snapshot}(bigint) is "
                        + "'The rows of one organisation as a snapshot sealed them; the parameter is syncline.snapshot.id.'"));
    }

    /** Nothing but a query, so that PostgreSQL makes it a part of the statement it stands in: whoever asks for one row has one row looked up. */
    private String function(String name, String parameter, String past, String versions) {
        String typed = table.fields(TimeTravelDdl::typed);
        return table.fill("create function {" + name + "}(" + parameter + """
                ) returns table (row_id bigint, org_id text, {side_id} text{declared}, document text, hash bytea, snapshot_id bigint, valid_from timestamptz,
                    removed_how text)
                language sql stable as $$
                    select v.row_id, v.org_id, v.side_key{typed}, nullif(v.document, ''), v.hash, v.snapshot_id, v.valid_from,
                           case when v.document = '' then (select m.kind from syncline.removal_of({sync}, {entity}, v.org_id, v.row_id, v.valid_from,
                               v.valid_to) m) end
                    from (
                        {versions}
                    ) as v (row_id, org_id, side_key, snapshot_id, valid_from, document, hash, valid_to),
                         lateral (select nullif(v.document, '')::jsonb offset 0) as parsed (d){past}
                $$""".replace("{typed}", typed).replace("{versions}", versions).replace("{past}", past));
    }

    /** What a document says of a field, as its column would; null where it was written when the field was declared as something that the column cannot hold. */
    static String typed(Field field) {
        String name = EntityTable.literal(field.name());
        String text = "(parsed.d ->> " + name + ")";
        return switch (field.type()) {
            case INTEGER -> "case when " + text + " ~ '^-?[0-9]{1,18}$' then " + text + "::bigint when " + text + " ~ '^-?[0-9]{19}$' then case when " + text
                    + "::numeric between -9223372036854775808 and 9223372036854775807 then " + text + "::bigint end end";
            case DECIMAL -> "case when " + text + " ~ '^-?[0-9]+([.][0-9]+)?$' then " + text + "::numeric end";
            case BOOLEAN -> "case when " + text + " in ('true', 'false') then " + text + "::boolean end";
            case TIMESTAMP -> "case when " + text + " ~ " + DAY + "T[0-9:.]+Z$' then " + text + "::timestamptz when " + text + " ~ " + DAY + "$' then " + text
                    + "::timestamp at time zone 'UTC' end";
            case DATE -> "case when " + text + " ~ " + DAY + "(T[0-9:.]+Z)?$' then left(" + text + ", 10)::date end";
            case TEXT -> "case when jsonb_typeof(parsed.d -> " + name + ") in ('object', 'array') then syncline.canonical(parsed.d -> " + name
                    + ") else parsed.d ->> " + name + " end";
            case JSON -> "parsed.d -> " + name;
        };
    }
}
