-- What a complete run did not see is looked for once, and not again for every hundred rows.
create unlogged table syncline_staging.absent (
    run_id bigint not null,
    entity text   not null,
    key    text   not null collate "C",
    row_id bigint not null,
    primary key (run_id, entity, key)
);
comment on table syncline_staging.absent is 'The rows that a complete run did not find at the source, until it has judged them.';

-- ---------------------------------------------------------------- promise 20: every row points to a snapshot that exists
-- A foreign key looks up the snapshot of every row that a publish wrote, though all of them point to the one that it makes. So a publish names that one, and it is
-- looked up once when the transaction ends; every other snapshot that a row is made to point to is looked up for that row. Snapshots are never deleted.
create table syncline.snapshot_named (
    id bigint primary key references syncline.snapshot deferrable initially deferred
);
comment on table syncline.snapshot_named is 'The snapshots that publishes named before they wrote the rows that point to them.';

create function syncline.require_named() returns trigger language plpgsql as $$
begin
    if coalesce(current_setting('syncline.snapshot', true), '') <> '' then
        insert into syncline.snapshot_named (id) values (current_setting('syncline.snapshot', true)::bigint) on conflict do nothing;
    end if;
    return null;
end $$;

create function syncline.require_snapshot() returns trigger language plpgsql as $$
begin
    if not exists (select from syncline.snapshot where id = new.snapshot_id) then
        raise exception 'insert or update on table % violates foreign key constraint: there is no snapshot %', tg_relid::regclass, new.snapshot_id
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create function syncline.watch_snapshots(of_sync text, of_entity text) returns void language plpgsql as $$
declare
    old   name;
    named text := 'new.snapshot_id <> 0 and new.snapshot_id::text is distinct from current_setting(''syncline.snapshot'', true)';
begin
    for old in select conname from pg_constraint where conrelid = format('%I.%I', of_sync, of_entity)::regclass and confrelid = 'syncline.snapshot'::regclass loop
        execute format('alter table %I.%I drop constraint %I', of_sync, of_entity, old);
    end loop;
    execute format('create trigger names_snapshot after insert or update on %I.%I for each statement execute function syncline.require_named()', of_sync,
        of_entity);
    execute format('create constraint trigger made_in_snapshot after insert on %I.%I deferrable initially deferred for each row when (%s) '
        || 'execute function syncline.require_snapshot()', of_sync, of_entity, named);
    execute format('create constraint trigger points_to_snapshot after update on %I.%I deferrable initially deferred for each row '
        || 'when (new.snapshot_id is distinct from old.snapshot_id and %s) execute function syncline.require_snapshot()', of_sync, of_entity, named);
end $$;

select syncline.watch_snapshots(sync, entity) from syncline.entity where to_regclass(format('%I.%I', sync, entity)) is not null;
