-- How people decide about conflicts. A decision is a row that never changes; the conflict says which one waits to be made true, or settled it.

create table syncline.resolution (
    id                 bigint      generated always as identity primary key,
    organisation       text        not null check (organisation <> ''),
    sync               text        not null,
    entity             text        not null,
    row_id             bigint      not null,
    key                text        not null,
    conflict_id        bigint      not null references syncline.conflict,
    how                text        not null check (how in ('theirs', 'ours', 'merged')),
    base               text        not null,
    theirs             text,
    ours               text        not null,
    merged             text,
    theirs_hash        bytea       not null,
    theirs_version     bigint,
    theirs_modified_on timestamptz,
    row_revision       integer     not null,
    actor              text        not null check (actor <> ''),
    at                 timestamptz not null default clock_timestamp(),
    reason             text        check (reason <> ''),
    preview            uuid,
    check ((how = 'merged') = (merged is not null))
);
create index resolution_of_conflict on syncline.resolution (conflict_id, id desc);
create index resolution_of_preview on syncline.resolution (preview) where preview is not null;
comment on table syncline.resolution is
    'Who decided what about a conflict, about which versions of both sides, and why. Append only; a decision that came too late is here, too.';
comment on column syncline.resolution.row_revision is 'The row''s revision that the person saw; with theirs_hash, theirs_version and theirs_modified_on it is the version that was decided about.';
comment on column syncline.resolution.preview is 'The preview that was applied, where many were decided about at once.';
select syncline.confine('syncline.resolution');

-- Content goes where an entry of syncline.removal says so, and nothing else changes.
create function syncline.refuse_resolution_change() returns trigger language plpgsql as $$
declare
    same syncline.resolution;
begin
    if tg_op = 'UPDATE' then
        same := new;
        same.base := old.base;
        same.theirs := old.theirs;
        same.ours := old.ours;
        same.merged := old.merged;
        same.reason := old.reason;
        if same is not distinct from old and new.base = '' and new.ours = '' and coalesce(new.theirs, '') = '' and coalesce(new.merged, '') = ''
           and (new.theirs is null) = (old.theirs is null)
           and exists (select from syncline.removal r where r.organisation = old.organisation and r.sync = old.sync and r.entity = old.entity
                         and (r.row_id = old.row_id and old.at <= r.at or r.row_id is null and old.at <= r.before)) then
            return new;
        end if;
    end if;
    raise exception '% on syncline.resolution is refused: what was decided stays as it was', lower(tg_op)
        using errcode = 'insufficient_privilege', hint = 'Edit the record instead; that is a new version with a name of its own.';
end $$;
create trigger kept before update or delete on syncline.resolution for each row execute function syncline.refuse_resolution_change();
create trigger kept_whole before truncate on syncline.resolution for each statement execute function syncline.refuse_change();

create function syncline.tell_resolutions() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, sync, entity, key, detail)
    select n.organisation, n.actor, 'conflict-decided', n.sync, n.entity, n.key,
           'conflict ' || n.conflict_id || ': ' || n.how
    from decided n order by n.id;
    return null;
end $$;
create trigger told after insert on syncline.resolution referencing new table as decided for each statement execute function syncline.tell_resolutions();

alter table syncline.conflict
    add column decided       bigint references syncline.resolution,
    add column reopens       bigint references syncline.conflict,
    add column theirs_before text;
comment on column syncline.conflict.decided is 'Of an open one, the decision that waits to be made true; of a settled one, the decision that settled it.';
comment on column syncline.conflict.reopens is 'The conflict that was settled by keeping ours, before the side moved again and the record was in conflict anew.';
comment on column syncline.conflict.theirs_before is 'What it showed of the side before it was refreshed last, for whoever decided about that.';
create index conflict_decided on syncline.conflict (sync, organisation, entity, id) where state = 'open' and decided is not null;

-- ---------------------------------------------------------------- many at once: what was shown is what is decided about
create table syncline.resolution_preview (
    token        uuid        primary key default gen_random_uuid(),
    organisation text        not null check (organisation <> ''),
    sync         text        not null,
    asked        jsonb       not null,
    actor        text        not null check (actor <> ''),
    made_at      timestamptz not null default clock_timestamp(),
    expires_at   timestamptz not null,
    epoch        uuid        not null,
    conflicts    bigint      not null check (conflicts >= 0),
    applied_at   timestamptz,
    applied_by   text,
    decided      bigint,
    check ((applied_at is null) = (applied_by is null) and (applied_at is null) = (decided is null))
);
comment on table syncline.resolution_preview is 'What somebody was shown before deciding about many conflicts at once. Applying it decides about these, as they were shown.';
select syncline.confine('syncline.resolution_preview');

create unlogged table syncline_staging.resolution_shown (
    token              uuid   not null,
    conflict_id        bigint not null,
    row_revision       integer not null,
    theirs_hash        bytea  not null,
    theirs_version     bigint,
    theirs_modified_on timestamptz,
    left_out           text,
    primary key (token, conflict_id)
);
comment on table syncline_staging.resolution_shown is 'The conflicts of a preview with the versions that it showed. Lost with a crash of PostgreSQL, which the preview''s epoch tells.';
comment on column syncline_staging.resolution_shown.left_out is 'Why it cannot be decided about like this; null where it can.';

-- ---------------------------------------------------------------- three documents, field by field, as io.syncline.conflict.Sides has them
create function syncline.disputed(base jsonb, theirs jsonb, ours jsonb) returns text[] language sql immutable parallel safe as $$
    select coalesce(array_agg(name order by name collate "C"), '{}')
    from (select jsonb_object_keys(base) union select jsonb_object_keys(theirs) union select jsonb_object_keys(ours)) as members (name)
    where base -> name is distinct from theirs -> name and base -> name is distinct from ours -> name and theirs -> name is distinct from ours -> name
$$;
comment on function syncline.disputed is 'The members that both sides changed, and not to the same.';

create function syncline.merged(base jsonb, theirs jsonb, ours jsonb, take jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(name, value), '{}')
    from (select name, case take ->> name
                           when 'theirs' then coalesce(theirs, ours) -> name when 'ours' then ours -> name when 'base' then base -> name
                           else case when theirs is not null and base -> name is distinct from theirs -> name and base -> name is not distinct from ours -> name
                                     then theirs -> name else ours -> name end end as value
          from (select jsonb_object_keys(base) union select jsonb_object_keys(theirs) union select jsonb_object_keys(ours)) as members (name)) as merged
    where value is not null
$$;
comment on function syncline.merged is 'Both changes together; of a member that is in take, what that side says. theirs is null where the side has deleted the record.';

-- ---------------------------------------------------------------- the columns that people know from the first specification
-- Beside any entity table: select m.*, c.* from pricebook.materials m left join syncline.conflict_columns c on (c.sync, c.entity, c.row_id) = ('pricebook', 'materials', m.row_id)
create view syncline.conflict_columns with (security_invoker = true) as
select distinct on (c.sync, c.entity, c.row_id, c.side) c.sync, c.entity, c.organisation, c.row_id, c.key, c.id as conflict_id, c.state = 'open' as has_conflict,
       jsonb_build_object('detected_at', c.detected_at, 'entity_type', c.entity, 'entity_id', c.key, 'fields', to_jsonb(c.fields),
                          'base_version', jsonb_build_object('data', nullif(c.base, '')::jsonb),
                          c.side || '_version', jsonb_build_object('modified_on', c.theirs_modified_on, 'version', c.theirs_version, 'data', nullif(c.theirs, '')::jsonb),
                          'local_version', jsonb_build_object('data', nullif(c.ours, '')::jsonb)) as conflict_data,
       c.settled_at as conflict_resolved_at,
       case c.settled_how when 'theirs' then 'use_' || c.side when 'ours' then 'use_local' else c.settled_how end as conflict_resolution,
       c.settled_by as resolved_by
from syncline.conflict c order by c.sync, c.entity, c.row_id, c.side, c.id desc;
comment on view syncline.conflict_columns is
    'The newest conflict of each row, as columns: conflict_data, conflict_resolved_at, conflict_resolution, resolved_by. Join it by sync, entity and row_id.';

create or replace function syncline.let_read(reader name) returns void language plpgsql as $$
declare
    of_sync  text;
    readable text;
begin
    execute format('grant usage on schema syncline to %I', reader);
    execute format('grant select on syncline.run, syncline.run_entity, syncline.run_record, syncline.snapshot, syncline.local_edit, syncline.conflict,'
                   ' syncline.conflict_columns, syncline.resolution, syncline.attention, syncline.watermark, syncline.entity, syncline.mapping, syncline.reader,'
                   ' syncline.anchor to %I', reader);
    for readable in select ledger::text from syncline.ledgers() loop
        execute format('grant select on %s to %I', readable, reader);
    end loop;
    for of_sync in select distinct sync from syncline.entity loop
        execute format('grant usage on schema %I to %I', of_sync, reader);
    end loop;
    for of_sync, readable in
        select e.sync, e.entity || ending from syncline.entity e, unnest(array['', '_history', '_live']) as endings (ending)
        where to_regclass(format('%I.%I', e.sync, e.entity || ending)) is not null
    loop
        execute format('grant select on %I.%I to %I', of_sync, readable, reader);
    end loop;
end $$;
select syncline.let_read(role) from syncline.reader;
