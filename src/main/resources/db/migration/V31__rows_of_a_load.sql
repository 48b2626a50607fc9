-- What is the same for every row of a statement is asked once, and not for each of its rows.

-- ---------------------------------------------------------------- conditions of triggers
-- PostgreSQL works out what a trigger's condition says of immutable things once a statement. Who logged in, whether a publish is going on and which snapshot it
-- makes stay the same within one, so these two are called immutable; they are for the conditions of triggers and for nothing else.
create function syncline.is_publish(of_owner name) returns boolean language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
    return coalesce(current_setting('syncline.publishing', true), '') = 'on' and pg_has_role(session_user, of_owner, 'member');
end $$;
comment on function syncline.is_publish is
    'Whether the statement belongs to a publish: it says so, and whoever logged in is the owner of the tables or may act as him.';

create function syncline.snapshot_named_now() returns bigint language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
    return nullif(current_setting('syncline.snapshot', true), '')::bigint;
end $$;
comment on function syncline.snapshot_named_now is 'The snapshot that the publish has named which the statement belongs to.';
-- Conditions are worked out in the name of whoever edits, also where an administrator has said that new functions are nobody's to call.
grant execute on function syncline.is_publish(name), syncline.snapshot_named_now() to public;

create or replace function syncline.watch_snapshots(of_sync text, of_entity text) returns void language plpgsql as $$
declare
    old   name;
    named text := 'new.snapshot_id <> 0 and new.snapshot_id is distinct from syncline.snapshot_named_now()';
begin
    for old in select conname from pg_constraint
               where conrelid = format('%I.%I', of_sync, of_entity)::regclass and confrelid = 'syncline.snapshot'::regclass loop
        execute format('alter table %I.%I drop constraint %I', of_sync, of_entity, old);
    end loop;
    execute format('create or replace trigger names_snapshot after insert or update on %I.%I for each statement execute function syncline.require_named()',
        of_sync, of_entity);
    execute format('drop trigger if exists made_in_snapshot on %I.%I', of_sync, of_entity);
    execute format('create constraint trigger made_in_snapshot after insert on %I.%I deferrable initially deferred for each row when (%s) '
        || 'execute function syncline.require_snapshot()', of_sync, of_entity, named);
    execute format('drop trigger if exists points_to_snapshot on %I.%I', of_sync, of_entity);
    execute format('create constraint trigger points_to_snapshot after update on %I.%I deferrable initially deferred for each row '
        || 'when (new.snapshot_id is distinct from old.snapshot_id and %s) execute function syncline.require_snapshot()', of_sync, of_entity, named);
end $$;

select syncline.watch_snapshots(sync, entity) from syncline.entity where to_regclass(format('%I.%I', sync, entity)) is not null;

-- ---------------------------------------------------------------- lines of a digest
-- The same bytes as before. As convert_to is not immutable, what was called so could not become a part of the statement, and was called for each row; the
-- database is in UTF-8.
create or replace function syncline.key_bytes(key text) returns bytea language sql stable parallel safe
    return case when key is null then int4send(-1) else int4send(octet_length(key)) || convert_to(key, 'UTF8') end;
