package io.syncline.store;

import io.syncline.record.Field;
import io.syncline.record.FieldType;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The statements that make an entity's tables; what people edit in SQL is in {@link EditTriggerDdl}, time travel in {@link TimeTravelDdl}. */
final class EntityDdl {
    /** Columns of every entity table; a field cannot be called like one. */
    static final Set<String> OWN_COLUMNS = Set.of("row_id", "org_id", "document", "hash", "sync_status", "sync_direction", "local_modified_at",
            "local_modified_by",
            "has_conflict", "deleted_at", "deleted_by_side", "revision", "snapshot_id", "valid_from");

    private final EntityTable table;

    EntityDdl(EntityTable table) {
        this.table = table;
    }

    List<String> create() {
        return List.of(table.fill("""
                create table {table} (
                    row_id bigint generated always as identity primary key,
                    org_id text not null default 'default' check (org_id <> '')
                    {declared},
                    document text not null,
                    hash bytea not null,
                    {side_id} text collate "C",
                    {side_hash} bytea,
                    {side_version} bigint,
                    {side_modified_on} timestamptz,
                    {side_synced_at} timestamptz,
                    {side_base} text,
                    {side_mapping} integer,
                    sync_status text not null default 'pending_push' check (sync_status in ('synced', 'pending_push', 'pending_pull', 'conflict', 'attention')),
                    sync_direction text check (sync_direction in ('pull', 'push')),
                    local_modified_at timestamptz,
                    local_modified_by text,
                    has_conflict boolean not null default false,
                    deleted_at timestamptz,
                    deleted_by_side text,
                    revision integer not null default 1,
                    snapshot_id bigint not null default 0,
                    valid_from timestamptz not null default clock_timestamp(),
                    unique (org_id, {side_id}),
                    check (({side_id} is null) = ({side_hash} is null)),
                    check ({side_id} is not null or {side_base} is null),
                    check ((deleted_at is null) = (deleted_by_side is null)),
                    check ((local_modified_at is null) = (local_modified_by is null)),
                    check (has_conflict = (sync_status = 'conflict'))
                ) with (fillfactor = 90)"""), table.fill("""
                create index on {table} (snapshot_id)"""), table.fill("""
                create table {history} (
                    row_id bigint not null,
                    revision integer not null,
                    org_id text not null,
                    {side_id} text collate "C",
                    from_snapshot bigint not null references syncline.snapshot deferrable initially deferred,
                    to_snapshot bigint not null references syncline.snapshot deferrable initially deferred,
                    valid_from timestamptz not null,
                    valid_to timestamptz not null,
                    deleted boolean not null,
                    document text not null,
                    hash bytea not null,
                    primary key (row_id, revision),
                    unique (row_id, valid_from),
                    check (from_snapshot > 0 and from_snapshot <= to_snapshot),
                    check (valid_from < valid_to)
                )"""), table.fill("""
                create index on {history} (from_snapshot)"""), table.fill("""
                create index on {history} (to_snapshot)"""), table.fill("""
                select syncline.seal_history({sync}, {entity})"""), table.fill("""
                select syncline.watch_snapshots({sync}, {entity})"""), table.fill("""
                comment on table {history} is 'Superseded versions, each with both ends of its interval; written once, never changed. \
                The current version is in the row itself.'"""), table.fill("""
                comment on column {table}.{side_base} is 'What was agreed with the side, while the row says something else. \
                Not null means: edited here since.'"""), table.fill("""
                comment on column {table}.{side_mapping} is 'The mapping that the row was read by: syncline.mapping.number.'"""), table.fill("""
                comment on column {table}.snapshot_id is 'Since which snapshot the row says what it says; 0 until an edit is sealed.'"""));
    }

    /** Staged plans are thrown away with their table when a field changes: a plan made for other fields is void, and its publish is to notice. */
    List<String> staging() {
        return List.of(table.fill("drop table if exists {staging}"), table.fill("""
                delete from syncline_staging.page p using syncline.run r where r.id = p.run_id and r.sync = {sync} and p.entity = {entity}"""), table.fill("""
                create unlogged table {staging} (
                    run_id bigint not null,
                    page integer not null,
                    key text collate "C",
                    outcome text not null,
                    reason text not null,
                    row_id bigint,
                    revision integer,
                    writes boolean not null,
                    agrees boolean not null,
                    observed boolean not null,
                    gone boolean not null,
                    document text,
                    hash bytea,
                    merged text,
                    merged_hash bytea,
                    base text,
                    version bigint,
                    modified_at timestamptz,
                    fields text[],
                    settled_by text,
                    raw text
                    {declared_staged}
                )"""), table.fill("""
                create index on {staging} (run_id, page)"""));
    }

    /** Promise 29: whoever does not own the tables sees the rows of its own organisation, and readers may look at them. The owner is not asked. */
    List<String> confinement() {
        return List.of(table.fill("select syncline.confine(" + EntityTable.literal(table.name("table")) + ", 'org_id')"),
                table.fill("select syncline.confine(" + EntityTable.literal(table.name("history")) + ", 'org_id')"),
                "select syncline.let_read(role) from syncline.reader");
    }

    /** For a table made before rows knew their mapping: what is there was read by the first one that is known. Nothing is rewritten. */
    List<String> firstMapping() {
        return List.of(table.fill("alter table {table} add column {side_mapping} integer default 1"),
                table.fill("alter table {table} alter column {side_mapping} drop default"));
    }

    /** A field that is declared again: rows whose documents still hold it say so in its column, too. */
    String takenBack(Field field) {
        return table.fill("update {table} t set ") + EntityTable.quote(field.name()) + " = "
                + (field.type() == FieldType.JSON ? "nullif(" + TimeTravelDdl.typed(field) + ", 'null')" : TimeTravelDdl.typed(field))
                + table.fill(" from {table} r, lateral (select r.document::jsonb) as parsed (d) where r.row_id = t.row_id and position(")
                + EntityTable.literal("\"" + field.name() + "\":") + " in r.document) > 0";
    }

    List<String> references() {
        List<String> statements = new ArrayList<>();
        if (!table.entity().readOnly()) {
            statements.add("create index if not exists " + EntityTable.quote(table.entity().name() + "_to_push") + table.fill(" on {table} (row_id) where "
                    + "sync_status = 'pending_push'"));
        }
        for (Field reference : table.references()) {
            String parent = table.parent(reference).name("table");
            String constraint = EntityTable.quote(reference.name() + "_row_fkey");
            statements.add(table.fill("alter table {table} add column if not exists ") + EntityTable.row(reference) + " bigint");
            statements.add(table.fill("create index if not exists ") + EntityTable.quote(table.entity().name() + "_" + reference.name() + "_row")
                    + table.fill(" on {table} (") + EntityTable.row(reference) + ") where " + EntityTable.row(reference) + " is not null");
            statements.add(table.fill("create index if not exists ") + EntityTable.quote(table.entity().name() + "_" + reference.name() + "_due")
                    + table.fill(" on {table} (row_id) where ") + unresolved(reference, ""));
            statements.add("create index if not exists " + EntityTable.quote(table.entity().name() + "_" + reference.name() + "_unnamed")
                    + table.fill(" on {table} (row_id) where ") + Outbox.unnamed(reference, ""));
            statements.add(table.fill("alter table {table} drop constraint if exists ") + constraint);
            statements.add(table.fill("alter table {table} add constraint ") + constraint + " foreign key (" + EntityTable.row(reference) + ") references "
                    + parent + " deferrable initially deferred");
        }
        return statements;
    }

    /** References whose parent has come since; the rows that wait for one are few, and have an index of their own. */
    List<String> resolve() {
        return table.references().stream().map(reference -> table.fill("update {table} t set ") + EntityTable.row(reference) + " = p.row_id from "
                + table.parent(reference).name("table") + " p where " + unresolved(reference, "t.") + " and p.org_id = t.org_id and p."
                + table.parent(reference).name("side_id") + " = t." + EntityTable.quote(reference.name()) + "::text").toList();
    }

    private static String unresolved(Field reference, String row) {
        return row + EntityTable.row(reference) + " is null and " + row + EntityTable.quote(reference.name()) + " is not null";
    }

    /** Whether every value of one type is a value of the other, and how to turn it into that; null where something could get lost. */
    static String widening(String from, Field to) {
        String column = EntityTable.quote(to.name());
        if (to.type() == FieldType.TEXT) {
            return switch (from) {
                case "timestamp with time zone", "date" -> "trim(both '\"' from syncline.canonical(" + column + "))";
                case "numeric" -> "syncline.canonical(" + column + ")";
                case "jsonb" -> "case jsonb_typeof(" + column + ") when 'string' then " + column + " #>> '{}' when 'null' then null else syncline.canonical("
                        + column + ") end";
                default -> column + "::text";
            };
        }
        return switch (from + " to " + to.type().columnType()) {
            case "bigint to numeric" -> column + "::numeric";
            case "date to timestamptz" -> column + "::timestamp at time zone 'UTC'";
            default -> null;
        };
    }

    /** The columns of the table that are the engine's, beside the declared fields. */
    List<String> ownColumns() {
        List<String> own = new ArrayList<>(OWN_COLUMNS.stream().sorted().map(EntityTable::quote).toList());
        for (String column : List.of("side_id", "side_hash", "side_version", "side_modified_on", "side_synced_at", "side_base", "side_mapping")) {
            own.add(table.name(column));
        }
        own.addAll(table.references().stream().map(EntityTable::row).collect(Collectors.toList()));
        return own;
    }
}
