-- Decisions and what proves them: ledgers that only grow, chained like snapshots, and anchors that stand outside this database.

-- ---------------------------------------------------------------- ledgers
-- A ledger is a table with the columns organisation, number, at, previous, entry, digest beside its own, and the trigger append_to_ledger. Every such table is
-- verified, anchored and shown to readers without being named anywhere else; what it is called in an anchor is its name with an s.
create function syncline.ledger_digest(previous bytea, content text) returns bytea language sql immutable parallel safe
    return sha256(previous || convert_to(content, 'UTF8'));
comment on function syncline.ledger_digest is 'The digest of an entry that follows another: SHA-256 of the digest before it and of the content in UTF-8.';

-- Null members are left out, so that a column that is added later changes no entry written before it.
create function syncline.ledger_entry(of_row jsonb) returns text language sql immutable parallel safe
    return syncline.canonical(jsonb_strip_nulls(of_row - array['previous', 'entry', 'digest']));
comment on function syncline.ledger_entry is 'What a ledger proves of a row: all its columns that are not null, as canonical JSON. The row is given as to_jsonb says it in UTC.';

-- An entry is chained by its hash, so that the chain can be shown without the other entries' content.
create function syncline.ledger_content(entry text) returns text language sql immutable parallel safe
    return encode(sha256(convert_to(entry, 'UTF8')), 'hex');

-- A row that nobody who only reads has a right to lock, as in syncline.turn.
create table syncline.ledger_turn (
    subject      text not null,
    organisation text not null,
    primary key (subject, organisation)
);
comment on table syncline.ledger_turn is 'Whoever appends to a ledger, or exports an anchor, locks its row until the transaction ends.';
select syncline.confine('syncline.ledger_turn');

create function syncline.append_to_ledger() returns trigger language plpgsql set timezone = 'UTC' set bytea_output = 'hex' as $$
declare
    last record;
begin
    insert into syncline.ledger_turn (subject, organisation) values (tg_table_name, new.organisation) on conflict do nothing;
    perform from syncline.ledger_turn t where t.subject = tg_table_name and t.organisation = new.organisation for update;
    execute format('select number, at, digest from %I.%I where organisation = $1 order by number desc limit 1', tg_table_schema, tg_table_name)
        into last using new.organisation;
    new.number := coalesce(last.number, 0) + 1;
    new.at := greatest(clock_timestamp(), last.at + interval '1 microsecond');
    new.previous := coalesce(last.digest, sha256(''));
    new.entry := syncline.ledger_entry(to_jsonb(new));
    new.digest := syncline.ledger_digest(new.previous, syncline.ledger_content(new.entry));
    return new;
end $$;

create function syncline.ledgers() returns table (kind text, ledger regclass) language sql stable as $$
    select c.relname || 's', c.oid::regclass from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'syncline' and p.proname = 'append_to_ledger' and not t.tgisinternal order by 1
$$;

create function syncline.verify_ledger(ledger regclass, of_organisation text) returns table (number bigint, problem text)
    language plpgsql stable set timezone = 'UTC' set bytea_output = 'hex' as $$
declare
    link     record;
    previous bytea := sha256('');
    before   timestamptz := '-infinity';
    expected bigint := 1;
begin
    for link in execute format('select l.number, l.at, l.previous, l.entry, l.digest, syncline.ledger_entry(to_jsonb(l)) as said from %s l
                                where l.organisation = $1 order by l.number', ledger) using of_organisation loop
        number := link.number;
        problem := case
            when link.number <> expected then format('entry %s is missing', expected)
            when link.previous <> previous then 'does not follow from the entry before it'
            when link.at <= before then 'is not later than the entry before it'
            when link.said <> link.entry or link.digest <> syncline.ledger_digest(link.previous, syncline.ledger_content(link.entry))
                then 'its own entry was changed'
        end;
        if problem is not null then
            return next;
            return;
        end if;
        previous := link.digest;
        before := link.at;
        expected := expected + 1;
    end loop;
end $$;
comment on function syncline.verify_ledger is 'Recomputes a ledger of an organisation. No row: it holds. One row: the first entry that is not as it was written, and what is wrong.';

-- ---------------------------------------------------------------- decisions
create table syncline.decision (
    organisation    text        not null check (organisation <> ''),
    number          bigint      not null,
    at              timestamptz not null,
    actor           text        not null check (actor <> ''),
    what            text        not null check (what ~ '^[^[:cntrl:]]{1,60}$'),
    reason          text        not null check (reason <> ''),
    document_sha256 bytea       check (octet_length(document_sha256) = 32),
    sync            text        not null,
    entity          text        not null,
    row_id          bigint      not null,
    key             text,
    snapshot_id     bigint      not null references syncline.snapshot check (snapshot_id > 0),
    snapshot        bigint      not null,
    snapshot_digest bytea       not null check (octet_length(snapshot_digest) = 32),
    brought_by      bigint      not null references syncline.snapshot check (brought_by between 1 and snapshot_id),
    valid_from      timestamptz not null,
    hash            bytea       not null check (octet_length(hash) = 32),
    previous        bytea       not null,
    entry           text        not null,
    digest          bytea       not null unique,
    primary key (organisation, number)
);
create index decision_of_row on syncline.decision (sync, entity, row_id);
create index decision_of_key on syncline.decision (organisation, key, number desc);
create index decision_of_actor on syncline.decision (organisation, actor, number desc);
create index decision_of_time on syncline.decision (organisation, at);
comment on table syncline.decision is
    'Who decided what about which version of a record, and why. A decision points to a version in a snapshot, not to a row. Append only, chained by digest.';
comment on column syncline.decision.snapshot is 'The number of the snapshot that the person looked at; snapshot_id is its id, brought_by the id of the one that the version began with.';
comment on column syncline.decision.hash is 'SHA-256 of the document that stood in the snapshot.';
comment on column syncline.decision.document_sha256 is 'SHA-256 of a document that is kept elsewhere, as whoever decided said it.';
comment on column syncline.decision.entry is 'The text that the digest was made of; syncline.ledger_entry says how.';

create trigger appended before insert on syncline.decision for each row execute function syncline.append_to_ledger();
create trigger kept before update or delete or truncate on syncline.decision for each statement execute function syncline.refuse_change();
select syncline.confine('syncline.decision');

create function syncline.tell_decision() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, sync, entity, key, detail)
    values (new.organisation, new.actor, 'decision-made', new.sync, new.entity, coalesce(new.key, 'row:' || new.row_id),
            format('decision %s, %s, snapshot %s', new.number, new.what, new.snapshot));
    return null;
end $$;
create trigger told after insert on syncline.decision for each row execute function syncline.tell_decision();

-- That each decision still finds what it points to: its snapshot as it was, and in it that version with that hash.
create function syncline.stray_decisions(of_organisation text) returns table (number bigint, problem text) language plpgsql stable as $$
declare
    one record;
begin
    return query select d.number, format('points to snapshot %s of %s, which is not the one that was there then', d.snapshot, d.sync)
        from syncline.decision d left join syncline.snapshot s on s.id = d.snapshot_id
        where d.organisation = of_organisation and (s.organisation, s.sync, s.number, s.digest) is distinct from (d.organisation, d.sync, d.snapshot,
              d.snapshot_digest);
    for one in select distinct d.sync, d.entity, e.side from syncline.decision d left join syncline.entity e on e.sync = d.sync and e.entity = d.entity
               where d.organisation = of_organisation loop
        if one.side is null then
            return query select d.number, format('points to %s of %s, which is not there', d.entity, d.sync) from syncline.decision d
                where d.organisation = of_organisation and d.sync = one.sync and d.entity = one.entity;
            continue;
        end if;
        return query execute format($sql$
            select d.number, format('points to a version of row %%s of %%s that is not in snapshot %%s', d.row_id, d.entity, d.snapshot)
            from syncline.decision d where d.organisation = $1 and d.sync = $2 and d.entity = $3
              and not exists (select from %1$I.%2$I t where t.row_id = d.row_id and t.org_id = $1 and t.deleted_at is null and t.snapshot_id = d.brought_by
                              and t.valid_from = d.valid_from and t.hash = d.hash)
              and not exists (select from %1$I.%3$I h where h.row_id = d.row_id and h.org_id = $1 and not h.deleted and h.from_snapshot = d.brought_by
                              and h.to_snapshot > d.snapshot_id and h.valid_from = d.valid_from and h.hash = d.hash)
              and not exists (select from syncline.local_edit e where e.sync = $2 and e.entity = $3 and e.organisation = $1 and e.row_id = d.row_id
                              and e.snapshot_id is null and not e.before_deleted and e.before_snapshot = d.brought_by
                              and e.before_valid_from = d.valid_from and e.before_hash = d.hash) $sql$,
            one.sync, one.entity, one.entity || '_history') using of_organisation, one.sync, one.entity;
    end loop;
end $$;

-- ---------------------------------------------------------------- who made a sealed edit
-- A version does not say who made it; the journal does. What is sealed of the journal with a snapshot is sealed here, in a ledger of its own. Content is not part
-- of it, because it may be removed one day: what an edit made is a version, and that is in the chain of snapshots.
create function syncline.edit_line(edit syncline.local_edit) returns bytea language sql immutable parallel safe
    return sha256(int8send((edit).id) || int8send((edit).row_id) || syncline.key_bytes((edit).operation) || syncline.key_bytes((edit).actor)
        || timestamptz_send((edit).edited_at) || int4send((edit).revision) || coalesce((edit).before_hash, '\x') || syncline.key_bytes((edit).before_deleted::text)
        || int4send(coalesce((edit).before_revision, 0)) || int8send(coalesce((edit).before_snapshot, 0))
        || case when (edit).before_valid_from is null then '\x'::bytea else timestamptz_send((edit).before_valid_from) end
        || syncline.key_bytes((edit).side_key));

create table syncline.edit_seal (
    organisation text        not null check (organisation <> ''),
    number       bigint      not null,
    at           timestamptz not null,
    sync         text        not null,
    entity       text        not null,
    snapshot_id  bigint      not null references syncline.snapshot deferrable initially deferred,
    edits        bigint      not null check (edits > 0),
    edits_digest bytea       not null check (octet_length(edits_digest) = 32),
    previous     bytea       not null,
    entry        text        not null,
    digest       bytea       not null unique,
    primary key (organisation, number)
);
create index edit_seal_of_snapshot on syncline.edit_seal (snapshot_id, entity, number desc);
comment on table syncline.edit_seal is
    'The edits of people that each snapshot sealed, by digest: who, when and which version they replaced. The last entry of a snapshot and entity counts. Append only.';
create trigger appended before insert on syncline.edit_seal for each row execute function syncline.append_to_ledger();
create trigger kept before update or delete or truncate on syncline.edit_seal for each statement execute function syncline.refuse_change();
select syncline.confine('syncline.edit_seal');

insert into syncline.edit_seal (organisation, sync, entity, snapshot_id, edits, edits_digest)
select e.organisation, e.sync, e.entity, e.snapshot_id, count(*), sha256(string_agg(syncline.edit_line(e), '' order by e.id))
from syncline.local_edit e where e.snapshot_id is not null group by e.organisation, e.sync, e.entity, e.snapshot_id order by e.snapshot_id, e.entity;

create function syncline.seal_edits() returns trigger language plpgsql as $$
begin
    insert into syncline.edit_seal (organisation, sync, entity, snapshot_id, edits, edits_digest)
    select e.organisation, e.sync, e.entity, e.snapshot_id, count(*), sha256(string_agg(syncline.edit_line(e), '' order by e.id))
    from syncline.local_edit e
    where (e.snapshot_id, e.entity) in (select n.snapshot_id, n.entity from sealed n join unsealed o on o.id = n.id
                                        where n.snapshot_id is not null and o.snapshot_id is null)
    group by e.organisation, e.sync, e.entity, e.snapshot_id;
    return null;
end $$;
create trigger sealed after update on syncline.local_edit referencing old table as unsealed new table as sealed
    for each statement execute function syncline.seal_edits();

-- That the journal still says of sealed edits what was sealed, and that what they wrote is a version.
create function syncline.stray_edits(of_organisation text) returns table (number bigint, problem text) language plpgsql stable as $$
declare
    one record;
begin
    return query
        with there as (select e.sync, e.entity, e.snapshot_id, count(*) as edits, sha256(string_agg(syncline.edit_line(e), '' order by e.id)) as edits_digest
                       from syncline.local_edit e where e.organisation = of_organisation and e.snapshot_id is not null
                       group by e.sync, e.entity, e.snapshot_id),
             seal as (select distinct on (s.snapshot_id, s.entity) s.* from syncline.edit_seal s where s.organisation = of_organisation
                      order by s.snapshot_id, s.entity, s.number desc)
        select coalesce(s.number, 0), format('edits of %s that snapshot %s sealed are not what was sealed: %s were, %s are there', coalesce(s.entity, t.entity),
            (select n.number from syncline.snapshot n where n.id = coalesce(s.snapshot_id, t.snapshot_id)), coalesce(s.edits, 0), coalesce(t.edits, 0))
        from seal s full join there t on t.snapshot_id = s.snapshot_id and t.sync = s.sync and t.entity = s.entity
        where (s.edits, s.edits_digest) is distinct from (t.edits, t.edits_digest);
    for one in select n.sync, n.entity from syncline.entity n where exists (
        select from syncline.edit_seal s where s.organisation = of_organisation and s.sync = n.sync and s.entity = n.entity) loop
        return query execute format($sql$
            select 0::bigint, format('edit %%s of row %%s of %%s says something else than the version that it made, or replaced', e.id, e.row_id, e.entity)
            from syncline.local_edit e
            where e.sync = $1 and e.entity = $2 and e.organisation = $3 and e.snapshot_id is not null
              and (e.before <> '' and sha256(convert_to(e.before, 'UTF8')) <> e.before_hash
                   or e.after <> '' and not exists (
                       select from %1$I.%2$I t where t.row_id = e.row_id and t.valid_from = e.edited_at and t.hash = sha256(convert_to(e.after, 'UTF8'))
                       union all
                       select from %1$I.%3$I h where h.row_id = e.row_id and h.valid_from = e.edited_at and h.hash = sha256(convert_to(e.after, 'UTF8'))
                       union all
                       select from syncline.local_edit n where n.sync = $1 and n.entity = $2 and n.row_id = e.row_id and n.snapshot_id is null
                         and n.before_valid_from = e.edited_at and n.before_hash = sha256(convert_to(e.after, 'UTF8')))) $sql$,
            one.sync, one.entity, one.entity || '_history') using one.sync, one.entity, of_organisation;
    end loop;
end $$;

create function syncline.verify_ledgers(of_organisation text default 'default') returns table (kind text, number bigint, problem text)
    language plpgsql stable as $$
declare
    one record;
begin
    for one in select * from syncline.ledgers() loop
        return query select one.kind, v.number, v.problem from syncline.verify_ledger(one.ledger, of_organisation) v;
    end loop;
    return query select * from (select 'decisions', d.number, d.problem from syncline.stray_decisions(of_organisation) d order by d.number limit 1) as stray;
    return query select * from (select 'edit_seals', e.number, e.problem from syncline.stray_edits(of_organisation) e order by e.number limit 1) as stray;
end $$;
comment on function syncline.verify_ledgers is
    'Recomputes what is chained beside the snapshots: decisions and other ledgers of an organisation. No row: all hold. Else the first broken link of each.';

-- ---------------------------------------------------------------- what evidence is made of
-- They go by what the tables say and not by the configuration, so that what was decided can be shown after a sync or an entity is no longer configured.
create function syncline.row_of(of_sync text, of_entity text, of_organisation text, of_key text) returns bigint language plpgsql stable as $$
declare
    of_side text;
    found_row bigint;
begin
    select e.side into of_side from syncline.entity e where e.sync = of_sync and e.entity = of_entity;
    execute format('select row_id from %I.%I where org_id = $1 and %I = $2', of_sync, of_entity, of_side || '_id') into found_row using of_organisation, of_key;
    if found_row is null and of_key ~ '^row:[1-9][0-9]{0,17}$' then
        execute format('select row_id from %I.%I where org_id = $1 and row_id = $2', of_sync, of_entity) into found_row
            using of_organisation, substr(of_key, 5)::bigint;
    end if;
    return found_row;
end $$;

-- The version of a row that stood in a snapshot, deleted or not; no row where it was not there yet.
create function syncline.version_in(of_sync text, of_entity text, of_organisation text, of_row bigint, of_snapshot bigint)
    returns table (key text, brought_by bigint, valid_from timestamptz, deleted boolean, document text, hash bytea) language plpgsql stable as $$
declare
    of_side text;
begin
    select e.side into of_side from syncline.entity e where e.sync = of_sync and e.entity = of_entity;
    return query execute format($sql$
        select t.%4$I, t.snapshot_id, t.valid_from, t.deleted_at is not null, t.document, t.hash from %1$I.%2$I t
        where t.org_id = $1 and t.row_id = $2 and t.snapshot_id between 1 and $3
        union all
        select h.%4$I, h.from_snapshot, h.valid_from, h.deleted, h.document, h.hash from %1$I.%3$I h
        where h.org_id = $1 and h.row_id = $2 and h.from_snapshot <= $3 and h.to_snapshot > $3
        union all
        select e.side_key, e.before_snapshot, e.before_valid_from, e.before_deleted, e.before, e.before_hash from syncline.local_edit e
        where e.sync = $4 and e.entity = $5 and e.organisation = $1 and e.row_id = $2 and e.snapshot_id is null and e.before_snapshot between 1 and $3 $sql$,
        of_sync, of_entity, of_entity || '_history', of_side || '_id') using of_organisation, of_row, of_snapshot, of_sync, of_entity;
end $$;

-- The lines that an entity has in the change digest of a snapshot, as syncline.change_digest takes them; of all thousands, or of one.
create function syncline.change_lines(of_sync text, of_organisation text, of_snapshot bigint, of_entity text, of_thousand bigint default null)
    returns table (row_id bigint, valid_from timestamptz, began boolean, line bytea) language plpgsql stable as $$
declare
    of_side text;
begin
    select e.side into of_side from syncline.entity e where e.sync = of_sync and e.entity = of_entity;
    return query execute format($sql$
        select v.row_id, v.valid_from, true, int8send(v.row_id) || timestamptz_send(v.valid_from)
               || case when v.deleted then '\x01'::bytea else '\x00'::bytea end || syncline.key_bytes(v.key) || v.hash
        from (select t.row_id, t.valid_from, t.deleted_at is not null, t.%4$I, t.hash from %1$I.%2$I t where t.snapshot_id = $1 and t.org_id = $2
              union all
              select h.row_id, h.valid_from, h.deleted, h.%4$I, h.hash from %1$I.%3$I h where h.from_snapshot = $1 and h.org_id = $2
              union all
              select e.row_id, e.before_valid_from, e.before_deleted, e.side_key, e.before_hash from syncline.local_edit e
              where e.sync = $3 and e.entity = $4 and e.organisation = $2 and e.snapshot_id is null and e.before_snapshot = $1)
             as v (row_id, valid_from, deleted, key, hash)
        where $5 is null or v.row_id / 1000 = $5
        union all
        select h.row_id, h.valid_from, false, int8send(h.row_id) || timestamptz_send(h.valid_from) || '\x02'::bytea || timestamptz_send(h.valid_to)
               || int8send(h.from_snapshot) || h.hash
        from %1$I.%3$I h where h.to_snapshot = $1 and h.org_id = $2 and ($5 is null or h.row_id / 1000 = $5) $sql$,
        of_sync, of_entity, of_entity || '_history', of_side || '_id') using of_snapshot, of_organisation, of_sync, of_entity, of_thousand;
end $$;

create function syncline.snapshot_header(of_snapshot syncline.snapshot) returns text language sql stable
    return '[' || concat_ws(',', to_json(encode((of_snapshot).previous, 'hex')), (of_snapshot).number, syncline.canonical((of_snapshot).sealed_at),
        to_json((of_snapshot).sync), to_json((of_snapshot).organisation), coalesce((of_snapshot).run_id::text, 'null'), (of_snapshot).changes,
        to_json(encode((of_snapshot).change_digest, 'hex'))) || ']';
comment on function syncline.snapshot_header is 'The text that a snapshot''s digest is made of.';

-- ---------------------------------------------------------------- anchors
create function syncline.chain_heads(of_organisation text) returns table (kind text, sync text, number bigint, digest bytea) language plpgsql stable as $$
declare
    one record;
begin
    return query select distinct on (s.sync) 'snapshots', s.sync, s.number, s.digest from syncline.snapshot s
        where s.organisation = of_organisation and s.number > 0 order by s.sync, s.number desc;
    for one in select * from syncline.ledgers() loop
        return query execute format('select %L, null::text, l.number, l.digest from %s l where l.organisation = $1 order by l.number desc limit 1',
            one.kind, one.ledger) using of_organisation;
    end loop;
end $$;
comment on function syncline.chain_heads is 'The newest number and digest of every chain of an organisation: what an anchor holds.';

create function syncline.chain_digest(of_organisation text, of_kind text, of_sync text, of_number bigint) returns bytea language plpgsql stable as $$
declare
    of_ledger regclass;
    found_digest bytea;
begin
    if of_kind = 'snapshots' then
        return (select s.digest from syncline.snapshot s where s.organisation = of_organisation and s.sync = of_sync and s.number = of_number);
    end if;
    select l.ledger into of_ledger from syncline.ledgers() l where l.kind = of_kind;
    if of_ledger is not null then
        execute format('select l.digest from %s l where l.organisation = $1 and l.number = $2', of_ledger) into found_digest using of_organisation, of_number;
    end if;
    return found_digest;
end $$;
comment on function syncline.chain_digest is 'The digest of one link of a chain; null where the chain has no such link.';

create table syncline.anchor (
    id           bigint      generated always as identity primary key,
    organisation text        not null check (organisation <> ''),
    destination  text        not null check (destination in ('file', 'url')),
    at           timestamptz not null,
    exported_at  timestamptz not null default clock_timestamp(),
    asked_by     text        check (asked_by <> ''),
    line         text        not null
);
create index anchor_newest on syncline.anchor (organisation, destination, id desc);
comment on table syncline.anchor is 'Anchors that were written outside, as they were written. What proves something is the one outside: whoever can change this database can change this table.';
comment on column syncline.anchor.asked_by is 'Who asked for it; null where it was the daily one.';
create trigger kept before update or delete or truncate on syncline.anchor for each statement execute function syncline.refuse_change();
select syncline.confine('syncline.anchor');

create table syncline.anchor_trouble (
    organisation text        not null,
    destination  text        not null check (destination in ('file', 'url')),
    since        timestamptz not null,
    attempts     integer     not null check (attempts > 0),
    reason       text        not null,
    next_at      timestamptz not null,
    primary key (organisation, destination)
);
comment on table syncline.anchor_trouble is 'Anchors that could not be exported, and when that is tried again. An entry goes when an export succeeds.';
select syncline.confine('syncline.anchor_trouble');

-- ---------------------------------------------------------------- verifications that were asked for
create table syncline.chain_check (
    id           bigint      generated always as identity primary key,
    organisation text        not null check (organisation <> ''),
    sync         text        not null,
    asked_by     text        not null check (asked_by <> ''),
    asked_at     timestamptz not null default clock_timestamp(),
    ended_at     timestamptz,
    state        text        not null default 'running' check (state in ('running', 'holds', 'broken', 'failed')),
    newest       bigint,
    problems     jsonb,
    check ((state = 'running') = (ended_at is null))
);
create index chain_check_newest on syncline.chain_check (organisation, sync, id desc);
comment on table syncline.chain_check is 'Verifications of chains, with what they found. One whose process died stays running and is told as ended without a result.';
select syncline.confine('syncline.chain_check');

create function syncline.tell_check() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, sync, detail)
    values (new.organisation, new.asked_by, 'chain-verified', new.sync, new.state);
    return null;
end $$;
create trigger told after update on syncline.chain_check for each row when (old.state = 'running' and new.state <> 'running')
    execute function syncline.tell_check();

-- ---------------------------------------------------------------- readers
create or replace function syncline.let_read(reader name) returns void language plpgsql as $$
declare
    of_sync  text;
    readable text;
begin
    execute format('grant usage on schema syncline to %I', reader);
    execute format('grant select on syncline.run, syncline.run_entity, syncline.run_record, syncline.snapshot, syncline.local_edit, syncline.conflict,'
                   ' syncline.attention, syncline.watermark, syncline.entity, syncline.mapping, syncline.reader, syncline.anchor to %I', reader);
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
