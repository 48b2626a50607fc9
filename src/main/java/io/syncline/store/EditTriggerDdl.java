package io.syncline.store;

import io.syncline.record.Field;
import io.syncline.record.FieldType;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What happens when a person edits an entity table in SQL: the edit is journalled, the row is stamped, and what was agreed with the side is kept.
 * Inside a publish the triggers do not fire; a publish is one only where whoever logged in is the tables' owner, whatever others say of themselves.
 */
final class EditTriggerDdl {
    /** No tree is deeper; looking further would be going round in a circle that is there already. */
    private static final int DEEPEST = 1_000_000;
    /** Stamped by the trigger alone; {@code deleted_at} is not among them, because setting it is how a row is deleted by an update. */
    private static final List<String> STAMPED = List.of("row_id", "org_id", "document", "hash", "sync_status", "sync_direction", "local_modified_at",
            "local_modified_by", "has_conflict", "deleted_by_side", "revision", "snapshot_id", "valid_from");

    private final EntityTable table;
    private final String owner;

    /** @param owner whose the table is; he and who may act as him publish */
    EditTriggerDdl(EntityTable table, String owner) {
        this.table = table;
        this.owner = owner;
    }

    List<String> create() {
        return List.of(documentFunction(), table.entity().readOnly() ? refusingFunction() : editFunction(), table.fill("""
                create or replace trigger edited before insert or update or delete on {table} for each row\s""") + outsidePublish()
                + table.fill(" execute function {edited}()"), table.fill("""
                create or replace trigger not_emptied before truncate on {table} for each statement execute function syncline.refuse_truncate()"""));
    }

    /** Whoever logged in is asked about, because that cannot be changed by who did; a setting can be made by anybody. Asked once a statement. */
    private String outsidePublish() {
        return "when (not syncline.is_publish(" + EntityTable.literal(owner) + "))";
    }

    /** A column that is null stays missing where the document before it had no such member; a null that a person wrote is a null. */
    private String documentFunction() {
        String members = table.entity().shape().fields().stream().map(field -> {
            String name = EntityTable.quote(field.name());
            String opening = "to_json(" + EntityTable.literal(field.name()) + "::text)::text || ':'";
            String value = (field.set() && field.type() == FieldType.JSON ? "syncline.canonical_set(" : "syncline.canonical(") + "(r)." + name + ")";
            return "case when (r)." + name + " is not null then " + opening + " || " + value
                    + " when jsonb_exists(before, " + EntityTable.literal(field.name()) + ") then " + opening + " || 'null' end";
        }).collect(Collectors.joining(",\n        "));
        return table.fill("""
                create or replace function {document_of}(r {table}, before jsonb) returns text language sql stable as $$
                    select '{' || array_to_string(array[
                        """) + members + table.fill("""
                ]::text[], ',') || '}'
                $$""");
    }

    private String refusingFunction() {
        return table.fill("""
                create or replace function {edited}() returns trigger language plpgsql as $$
                begin
                    if tg_op = 'UPDATE' then
                        if row({new_ours}) is not distinct from row({old_ours}) then
                            return new;
                        end if;
                    end if;
                    raise exception '% is read-only here: {side_name} is only ever read, and what is edited here could not be kept', tg_relid::regclass
                        using errcode = 'insufficient_privilege',
                              hint = 'Edit the record at the source and refresh; keep notes of your own in a table of your own.';
                end $$"""
                .replace("{side_name}", table.sync().system().replace("'", "''").replace("%", "%%"))
                .replace("{new_ours}", stamped().replace("?.", "new.") + ", " + edited("new.") + ", new.deleted_at")
                .replace("{old_ours}", stamped().replace("?.", "old.") + ", " + edited("old.") + ", old.deleted_at"));
    }

    private String editFunction() {
        String stamped = stamped();
        UnsendableDdl unsendable = new UnsendableDdl(table);
        String onInsert = table.entity().shape().fields().stream().filter(Field::nullWhenMissing)
                .map(field -> EntityTable.literal(field.name()) + ", null").collect(Collectors.joining(", "));
        return table.fill("""
                create or replace function {edited}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
                declare
                    ourselves  boolean := pg_has_role(session_user, current_user, 'member');
                    -- Nobody but Syncline itself, which owns the table, edits in another's name; who may only act as the owner is a person.
                    actor      text := case when session_user = current_user then coalesce(nullif(current_setting('syncline.actor', true), ''), session_user)
                                            else session_user end;
                    edited_at  timestamptz := clock_timestamp();
                    agreed     text;
                    gone_there boolean;
                    at_row     bigint;
                    way        text[];
                begin
                    if tg_op = 'DELETE' then
                        -- A row is never lost: deleting it marks it as deleted.
                        update {table} set deleted_at = clock_timestamp() where row_id = old.row_id and deleted_at is null;
                        return null;
                    end if;

                    if tg_op = 'INSERT' then
                        -- Refused before anything is looked up, so that nobody learns which rows another organisation has.
                        if not ourselves and new.org_id is distinct from (
                                select r.organisation from syncline.reader r
                                where r.role = coalesce(nullif(current_setting('role', true), 'none'), session_user)::name) then
                            raise exception 'new row violates row-level security policy for table "%"', tg_table_name
                                using errcode = 'insufficient_privilege';
                        end if;
                        if {inserted} then
                            raise exception 'Syncline keeps the sync columns of % itself', tg_relid::regclass
                                using errcode = 'insufficient_privilege', hint = 'Insert the record''s own fields (and org_id); leave the other columns out.';
                        end if;
                        {unsendable_insert}
                        {references_of_new}
                        new.document := {document_of}(new, jsonb_build_object({on_insert}));
                        new.hash := sha256(convert_to(new.document, 'UTF8'));
                        new.revision := 1;
                        new.snapshot_id := 0;
                        new.valid_from := edited_at;
                        new.sync_status := 'pending_push';
                        new.sync_direction := 'push';
                        new.local_modified_at := edited_at;
                        new.local_modified_by := actor;
                        insert into syncline.local_edit (sync, entity, organisation, row_id, operation, actor, edited_at, revision, after)
                        values ({sync}, {entity}, new.org_id, new.row_id, 'insert', actor, edited_at, 1, new.document);
                        perform pg_notify('syncline_edit', json_build_array({sync}, new.org_id)::text);
                        return new;
                    end if;

                    if ({new_stamped}) is distinct from ({old_stamped}) then
                        raise exception 'Syncline keeps the sync columns of % itself', tg_relid::regclass
                            using errcode = 'insufficient_privilege', hint = 'Update the record''s own fields; they are noticed and synced.';
                    end if;
                    if ({new_fields}) is not distinct from ({old_fields}) and (new.deleted_at is null) = (old.deleted_at is null) then
                        new.deleted_at := old.deleted_at;
                        return new;
                    end if;
                    if old.document = '' then
                        raise exception 'what row % of % said was erased, and there is nothing to go on from', old.row_id, tg_relid::regclass
                            using errcode = 'insufficient_privilege', hint = 'syncline.removal says who erased it and why. Make a new record.';
                    end if;
                    if not ourselves or current_setting('syncline.deciding', true) is distinct from 'on' then
                        null;
                        {unsendable_update}
                    end if;
                    {references}
                    {no_circle}
                    new.document := {document_of}(new, old.document::jsonb);
                    if new.document = old.document and (new.deleted_at is null) = (old.deleted_at is null) then
                        new.deleted_at := old.deleted_at;
                        return new;
                    end if;
                    edited_at := greatest(edited_at, old.valid_from + interval '1 microsecond');
                    new.hash := sha256(convert_to(new.document, 'UTF8'));
                    if (new.deleted_at is null) <> (old.deleted_at is null) then
                        new.deleted_at := case when new.deleted_at is not null then edited_at end;
                        new.deleted_by_side := case when new.deleted_at is not null then 'local' end;
                    else
                        new.deleted_at := old.deleted_at;
                    end if;
                    new.revision := old.revision + 1;
                    new.snapshot_id := 0;
                    new.valid_from := edited_at;
                    new.local_modified_at := edited_at;
                    new.local_modified_by := actor;
                    if old.{side_id} is not null then
                        gone_there := old.{side_hash} = '\\x';
                        -- What both sides had deleted was never agreed as it is here: whoever brings it back brings back all of it.
                        agreed := coalesce(old.{side_base}, case when gone_there and old.deleted_by_side = 'local' then '{}' else old.document end);
                        -- Edited back to what was agreed is as agreed.
                        new.{side_base} := case when new.document = agreed and (new.deleted_at is not null) = gone_there then null else agreed end;
                    end if;
                    if not old.has_conflict then
                        -- What is deleted there and stays deleted here has nothing to be sent; what was edited of it goes with whoever brings it back.
                        new.sync_status := case when new.deleted_at is not null and old.{side_hash} = '\\x' then 'synced'
                              when new.{side_base} is not null or (new.{side_id} is null and new.deleted_at is null) then 'pending_push' else 'synced' end;
                    end if;
                    new.sync_direction := 'push';
                    insert into syncline.local_edit (sync, entity, organisation, row_id, operation, actor, edited_at, revision, before, after,
                                                     before_hash, before_deleted, before_revision, before_snapshot, before_valid_from, side_key)
                    values ({sync}, {entity}, new.org_id, new.row_id,
                            case when (new.deleted_at is null) = (old.deleted_at is null) then 'update' when new.deleted_at is null
                                  then 'restore' else 'delete' end,
                            actor, edited_at, new.revision, old.document, new.document,
                            old.hash, old.deleted_at is not null, old.revision, old.snapshot_id, old.valid_from, old.{side_id});
                    perform pg_notify('syncline_edit', json_build_array({sync}, new.org_id)::text);
                    return new;
                end $$"""
                .replace("{inserted}", Stamps.of(table).anySetOnInsert())
                .replace("{new_stamped}", stamped.replace("?.", "new.")).replace("{old_stamped}", stamped.replace("?.", "old."))
                .replace("{new_fields}", edited("new.")).replace("{old_fields}", edited("old."))
                .replace("{unsendable_insert}", unsendable.onInsert()).replace("{unsendable_update}", unsendable.onUpdate())
                .replace("{references_of_new}", references(true)).replace("{references}", references(false)).replace("{no_circle}", noCircle())
                .replace("{on_insert}", onInsert));
    }

    private String stamped() {
        return Stamps.of(table).columns(STAMPED);
    }

    private String edited(String row) {
        String fields = table.entity().shape().fields().stream().map(field -> row + EntityTable.quote(field.name())).collect(Collectors.joining(", "));
        String rows = table.references().stream().map(field -> ", " + row + EntityTable.row(field)).collect(Collectors.joining());
        return "row(" + fields + rows + ")";
    }

    private String references(boolean onInsert) {
        return table.references().stream().map(field -> reference(field, onInsert)).collect(Collectors.joining("\n        "));
    }

    /**
     * A parent is named by its key, or by its row, which is all that one has that was made here just now. Who edits neither leaves the row: it leads to its
     * parent by whatever key that has had since.
     */
    private String reference(Field field, boolean onInsert) {
        EntityTable parent = table.parent(field);
        String byKey = "new.{row} := (select p.row_id from {parent} p where p.org_id = new.org_id and p.{key} = new.{column}::text);";
        String missing = """
                if new.{row} is null{changed} then
                                raise warning '{column_text} of % leads to %, and no record of {name} has that key', tg_relid::regclass, new.{column}
                                    using hint = 'It leads there once such a record comes. If that is a slip, edit it again.';
                            end if;""".replace("{changed}", onInsert ? "" : " and new.{column} is distinct from old.{column}");
        String byRow = """
                select p.{key}::{type} into new.{column} from {parent} p where p.row_id = new.{row} and p.org_id = new.org_id;
                            if not found then
                                raise exception 'there is no row % of {name}', new.{row} using errcode = 'foreign_key_violation',
                                    hint = 'Name it by its row_id, or by its key in {column}.';
                            end if;""";
        String statement = onInsert ? """
                if new.{column} is not null then
                            {by_key}
                            {missing}
                        elsif new.{row} is not null then
                            {by_row}
                        end if;""" : """
                if new.{row} is not null and new.{row} is distinct from old.{row} and (new.{column} is null or new.{column} is not distinct from old.{column})
                    then
                            {by_row}
                        elsif new.{column} is not null and (new.{row} is null or new.{column} is distinct from old.{column}) then
                            {by_key}
                            {missing}
                        elsif new.{column} is null and old.{column} is not null then
                            new.{row} := null;
                        end if;""";
        return statement.replace("{by_key}", byKey).replace("{by_row}", byRow).replace("{missing}", missing)
                .replace("{column_text}", field.name().replace("%", "%%").replace("'", "''")).replace("{parent}", parent.name("table"))
                .replace("{key}", parent.name("side_id"))
                .replace("{type}", field.type().columnType()).replace("{row}", EntityTable.row(field)).replace("{column}", EntityTable.quote(field.name()))
                .replace("{name}", parent.toString().replace("%", "%%").replace("'", "''"));
    }

    /** Nobody is put below itself. Who moves a record waits for others that do, so that two moves at once cannot close a circle either. */
    private String noCircle() {
        return table.ownReferences().stream().map(field -> table.fill("""
                if new.{row} is not null and new.{row} is distinct from old.{row} then
                            insert into syncline.tree (sync, entity, organisation) values ({sync}, {entity}, new.org_id)
                            on conflict (sync, entity, organisation) do update set moves = tree.moves + 1;
                            at_row := new.{row};
                            way := array[coalesce(old.{side_id}, 'row ' || old.row_id)];
                            for level in 1..{deepest} loop
                                exit when at_row is null;
                                if cardinality(way) < 12 or at_row = old.row_id then
                                    way := way || (select coalesce(p.{side_id}, 'row ' || p.row_id) from {table} p where p.row_id = at_row);
                                elsif cardinality(way) = 12 then
                                    way := way || '…'::text;
                                end if;
                                if at_row = old.row_id then
                                    raise exception '% of % would be its own ancestor: %', way[1], tg_relid::regclass, array_to_string(way, ' → ')
                                        using errcode = 'check_violation',
                                              hint = 'Give it a parent that is not below it, or move what is in the way first.';
                                end if;
                                at_row := (select p.{row} from {table} p where p.row_id = at_row);
                            end loop;
                        end if;""".replace("{row}", EntityTable.row(field)).replace("{deepest}", Integer.toString(DEEPEST))))
                .collect(Collectors.joining("\n        "));
    }

    /** The stamped columns as lists. */
    private record Stamps(List<String> side) {
        static Stamps of(EntityTable table) {
            return new Stamps(List.of("side_id", "side_hash", "side_version", "side_modified_on", "side_synced_at", "side_base", "side_mapping").stream()
                    .map(table::name).toList());
        }

        String columns(List<String> own) {
            return "row(" + java.util.stream.Stream.concat(own.stream(), side.stream()).map(column -> "?." + column).collect(Collectors.joining(", ")) + ")";
        }

        String anySetOnInsert() {
            return side.stream().map(column -> "new." + column).collect(Collectors.joining(", ", "num_nonnulls(",
                    ", new.document, new.hash, new.deleted_at, new.deleted_by_side,"
                    + " new.local_modified_at, new.local_modified_by, new.sync_direction) > 0"))
                    + " or new.snapshot_id <> 0 or new.revision <> 1 or new.has_conflict or new.sync_status <> 'pending_push'";
        }
    }
}
