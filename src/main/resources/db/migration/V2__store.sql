-- The store: snapshots and their chain, what people edited, what waits for a person, staged plans. Entity tables are made from config/syncs.

-- ---------------------------------------------------------------- canonical form, as io.syncline.record.Canonical writes it
create function syncline.canonical(value text) returns text language sql immutable strict parallel safe
    return to_json(value)::text;

create function syncline.canonical(value bigint) returns text language sql immutable strict parallel safe
    return value::text;

create function syncline.canonical(value boolean) returns text language sql immutable strict parallel safe
    return value::text;

create function syncline.canonical(value numeric) returns text language plpgsql immutable strict parallel safe as $$
begin
    if not abs(value) < 1e100 or scale(trim_scale(value)) > 100 then
        raise exception '% is no number that can be kept in step', left(value::text, 40)
            using errcode = 'numeric_value_out_of_range', hint = 'Use at most 100 digits before and 100 after the point.';
    end if;
    return trim_scale(value)::text;
end $$;

create function syncline.canonical(value timestamptz) returns text language plpgsql immutable strict parallel safe as $$
declare
    utc    timestamp := value at time zone 'UTC';
    micros bigint;
begin
    if utc < timestamp '0001-01-01' or utc >= timestamp '10000-01-01' then
        raise exception '% is no instant that can be kept in step', value
            using errcode = 'datetime_field_overflow', hint = 'Use an instant between the years 1 and 9999.';
    end if;
    micros := extract(microseconds from utc)::bigint % 1000000;
    return '"' || to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS')
               || case when micros = 0 then '' when micros % 1000 = 0 then to_char(utc, '.MS') else to_char(utc, '.US') end || 'Z"';
end $$;

create function syncline.canonical(value date) returns text language plpgsql immutable strict parallel safe as $$
begin
    if value < date '0001-01-01' or value >= date '10000-01-01' then
        raise exception '% is no date that can be kept in step', value
            using errcode = 'datetime_field_overflow', hint = 'Use a date between the years 1 and 9999.';
    end if;
    return '"' || to_char(value, 'YYYY-MM-DD') || '"';
end $$;

create function syncline.canonical(value jsonb) returns text language plpgsql immutable strict parallel safe as $$
begin
    case jsonb_typeof(value)
        when 'object' then
            return '{' || coalesce((select string_agg(to_json(name)::text || ':' || syncline.canonical(member), ',' order by name collate "C")
                                    from jsonb_each(value) as members(name, member)), '') || '}';
        when 'array' then
            return '[' || coalesce((select string_agg(syncline.canonical(item), ',' order by place)
                                    from jsonb_array_elements(value) with ordinality as items(item, place)), '') || ']';
        when 'number' then
            return syncline.canonical((value #>> '{}')::numeric);
        when 'string' then
            return to_json(value #>> '{}')::text;
        else
            return value::text;
    end case;
end $$;

-- A list whose order means nothing.
create function syncline.canonical_set(value jsonb) returns text language plpgsql immutable strict parallel safe as $$
begin
    if jsonb_typeof(value) <> 'array' then
        return syncline.canonical(value);
    end if;
    return '[' || coalesce((select string_agg(item, ',' order by item collate "C")
                            from (select distinct syncline.canonical(entry) collate "C" as item from jsonb_array_elements(value) as entries(entry)) as items),
                                  '') || ']';
end $$;

-- ---------------------------------------------------------------- sealed for ever (promise 19)
create function syncline.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% on %.% is refused: what is sealed stays as it is', lower(tg_op), tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege', hint = 'Corrections are made forward: edit the entity table, or roll back to an earlier snapshot.';
end $$;

create table syncline.snapshot (
    id            bigint      primary key,
    sync          text        not null,
    organisation  text        not null,
    number        bigint      not null,
    sealed_at     timestamptz not null,
    run_id        bigint      unique references syncline.run,
    changes       bigint      not null check (changes >= 0),
    previous      bytea       not null check (octet_length(previous) = 32),
    change_digest bytea       not null check (octet_length(change_digest) = 32),
    digest        bytea       not null unique check (octet_length(digest) = 32),
    unique (sync, organisation, number),
    unique (sync, organisation, sealed_at),
    unique (sync, organisation, previous),
    check (id >= 0 and (id = 0) = (number = 0)),
    check (id = 0 or run_id is not null)
);
create sequence syncline.snapshot_id owned by syncline.snapshot.id;
comment on table syncline.snapshot is
    'What each publish left behind, numbered per sync and organisation and chained by digest. Append only. Row 0 is reserved for edits that are not sealed yet.';
comment on column syncline.snapshot.digest is
    'SHA-256 of previous digest, number, time, sync, organisation, run, count and change digest; syncline.snapshot_digest says how, syncline.verify_chain checks it.';

create function syncline.snapshot_digest(previous bytea, number bigint, sealed_at timestamptz, sync text, organisation text, run bigint, changes bigint,
      change_digest bytea)
    returns bytea language sql immutable parallel safe
    return sha256(convert_to('[' || concat_ws(',', to_json(encode(previous, 'hex')), number, syncline.canonical(sealed_at), to_json(sync),
          to_json(organisation),
                                              coalesce(run::text, 'null'), changes, to_json(encode(change_digest, 'hex'))) || ']', 'UTF8'));
comment on function syncline.snapshot_digest is 'The digest of a snapshot: SHA-256 of the UTF-8 JSON list ["previous digest",number,"time","sync","organisation",run,count,"change digest"].';

insert into syncline.snapshot (id, sync, organisation, number, sealed_at, changes, previous, change_digest, digest)
values (0, '', '', 0, 'epoch', 0, sha256(''), sha256(''), sha256(''));

create trigger sealed before update or delete or truncate on syncline.snapshot for each statement execute function syncline.refuse_change();

-- ---------------------------------------------------------------- entities
create table syncline.entity (
    sync      text  not null,
    entity    text  not null,
    side      text  not null,
    fields    jsonb not null,
    generated bytea not null,
    primary key (sync, entity)
);
comment on table syncline.entity is 'The fields that each entity table was made for, so that a removed or narrowed one is noticed before data is lost.';

create table syncline.local_edit (
    id                bigint      generated always as identity primary key,
    sync              text        not null,
    entity            text        not null,
    organisation      text        not null,
    row_id            bigint      not null,
    operation         text        not null check (operation in ('insert', 'update', 'delete', 'restore')),
    actor             text        not null check (actor <> ''),
    edited_at         timestamptz not null,
    revision          integer     not null,
    before            text,
    after             text        not null,
    before_hash       bytea,
    before_deleted    boolean,
    before_revision   integer,
    before_snapshot   bigint,
    before_valid_from timestamptz,
    side_key          text,
    snapshot_id       bigint      references syncline.snapshot deferrable initially deferred,
    check ((operation = 'insert') = (before is null)),
    check ((before is null) = (before_hash is null) and (before is null) = (before_deleted is null) and (before is null) = (before_revision is null)
           and (before is null) = (before_snapshot is null) and (before is null) = (before_valid_from is null)),
    check (before_valid_from < edited_at),
    check (snapshot_id <> 0),
    unique (sync, entity, row_id, revision)
);
create index local_edit_unsealed on syncline.local_edit (sync, entity, row_id) where snapshot_id is null;
create index local_edit_sealed on syncline.local_edit (snapshot_id) where snapshot_id is not null;
comment on table syncline.local_edit is 'Every edit a person made to an entity table in SQL or through the API: who, when, before, after. snapshot_id is null until a publish sealed it.';

create function syncline.refuse_journal_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if old.snapshot_id is null and new.snapshot_id is not null and to_jsonb(new) - 'snapshot_id' = to_jsonb(old) - 'snapshot_id' then
            return new;
        end if;
    end if;
    raise exception '% on syncline.local_edit is refused: the journal only grows', lower(tg_op) using errcode = 'insufficient_privilege';
end $$;
create trigger kept before update or delete on syncline.local_edit for each row execute function syncline.refuse_journal_change();
create trigger kept_whole before truncate on syncline.local_edit for each statement execute function syncline.refuse_journal_change();

-- ---------------------------------------------------------------- what waits for a person
create table syncline.conflict (
    id           bigint      generated always as identity primary key,
    sync         text        not null,
    entity       text        not null,
    organisation text        not null,
    row_id       bigint      not null,
    key          text        not null,
    side         text        not null,
    kind         text        not null check (kind in ('changed-both', 'deleted-there', 'deleted-here')),
    reason       text        not null,
    fields       text[]      not null,
    base         text        not null,
    theirs       text,
    ours         text        not null,
    theirs_hash  bytea       not null,
    theirs_version     bigint,
    theirs_modified_on timestamptz,
    row_revision integer     not null,
    run_id       bigint      not null references syncline.run,
    detected_at  timestamptz not null,
    refreshed_at timestamptz not null,
    state        text        not null check (state in ('open', 'settled')),
    settled_by   text,
    settled_at   timestamptz,
    settled_how  text        check (settled_how in ('theirs', 'ours', 'merged', 'moot')),
    check (theirs is not null or kind = 'deleted-there'),
    check ((state = 'settled') = (settled_at is not null) and (state = 'settled') = (settled_by is not null)
          and (state = 'settled') = (settled_how is not null))
);
create unique index conflict_open on syncline.conflict (sync, entity, row_id, side) where state = 'open';
create index conflict_of_row on syncline.conflict (sync, entity, row_id, side, id);
create index conflict_list on syncline.conflict (sync, organisation, state, id desc);
comment on table syncline.conflict is
    'Rows that both sides changed since they last agreed. Open ones wait for a person; those a policy settled are kept with both values (promise 4).';
comment on column syncline.conflict.theirs is 'What the side shows now; null when it has deleted the record.';

create table syncline.attention (
    id              bigint      generated always as identity primary key,
    sync            text        not null,
    entity          text        not null,
    organisation    text        not null,
    kind            text        not null check (kind in ('rejected', 'parked', 'held')),
    subject         text        not null,
    key             text,
    row_id          bigint,
    run_id          bigint      not null references syncline.run,
    reason          text        not null,
    document        text,
    raw             text,
    version         bigint,
    modified_at     timestamptz,
    deleted         boolean     not null default false,
    attempts        integer     not null default 1 check (attempts > 0),
    first_seen_at   timestamptz not null,
    last_seen_at    timestamptz not null,
    next_attempt_at timestamptz,
    state           text        not null check (state in ('open', 'closed')),
    closed_at       timestamptz,
    closed_how      text,
    check (last_seen_at >= first_seen_at),
    check (kind <> 'parked' or (key is not null and document is not null)),
    check (kind <> 'held' or row_id is not null),
    check ((state = 'closed') = (closed_at is not null) and (state = 'closed') = (closed_how is not null))
);
create unique index attention_open on syncline.attention (sync, entity, organisation, kind, subject) where state = 'open';
create index attention_list on syncline.attention (sync, organisation, state, id desc);
comment on table syncline.attention is 'The one list of records that wait for a person or for another record, with the reason. A record that later succeeds closes its entry.';
comment on column syncline.attention.subject is 'The record''s key; where it has none that can be read, a fingerprint of what the source sent.';

-- ---------------------------------------------------------------- staged plans: unlogged, emptied by a PostgreSQL crash
create schema syncline_staging;

create unlogged table syncline_staging.epoch (
    only_one boolean primary key default true check (only_one),
    id       uuid    not null default gen_random_uuid()
);
comment on table syncline_staging.epoch is 'Lives and dies with the staged plans: another id, or none, and PostgreSQL has thrown them away.';

create unlogged table syncline_staging.page (
    run_id bigint  not null,
    entity text    not null,
    number integer not null,
    primary key (run_id, entity, number)
);

create unlogged table syncline_staging.seen (
    run_id bigint  not null,
    page   integer not null,
    row_id bigint  not null,
    entity text    not null
);
create index seen_row on syncline_staging.seen (run_id, entity, row_id);
comment on table syncline_staging.seen is 'The rows that a run found at the source. What a complete run did not find is absent.';

-- ---------------------------------------------------------------- the chain
-- The digest of what a snapshot changed: per entity, the versions that began with it and those that ended with it.
-- A version that began is row, since when, deleted or not, side key, hash; one that ended is row, since when, until when, from which snapshot, hash.
-- A row gets its side key once, and with it a new version: the key that a version began with is its key for ever.
-- They are taken in the order of row and time, a thousand rows at a time, so that no list ever grows long.
create function syncline.key_bytes(key text) returns bytea language sql immutable parallel safe
    return case when key is null then int4send(-1) else int4send(octet_length(convert_to(key, 'UTF8'))) || convert_to(key, 'UTF8') end;
comment on function syncline.key_bytes is 'A side key in a digest: its length in UTF-8, then the key; a length of -1 where a row has no key yet.';

-- When verified, a version counts as sealed only if its hash is that of its document.
create function syncline.change_digest(of_sync text, of_organisation text, of_snapshot bigint, recompute boolean, out changes bigint, out digest bytea)
    language plpgsql stable as $$
declare
    one     record;
    part    record;
    content text := case when recompute then 'case when sha256(convert_to(document, ''UTF8'')) = hash then hash else ''\x'' end' else 'hash' end;
    whole   bytea := '';
begin
    changes := 0;
    for one in select e.entity, e.side || '_id' as key from syncline.entity e where e.sync = of_sync order by e.entity collate "C" loop
        execute format($sql$
            select sum(began)::bigint as changes, sha256(string_agg(chunk, '' order by nr)) as digest
            from (select row_id / 1000 as nr, count(*) filter (where began) as began, sha256(string_agg(line, '' order by row_id, valid_from, began)) as chunk
                  from (select row_id, valid_from, true as began,
                               int8send(row_id) || timestamptz_send(valid_from) || case when deleted then '\x01'::bytea else '\x00'::bytea end
                              || syncline.key_bytes(key) || %3$s as line
                        from (select row_id, valid_from, deleted_at is not null, %5$I, document, hash from %1$I.%2$I where snapshot_id = $1 and org_id = $2
                              union all
                              select row_id, valid_from, deleted, %5$I, document, hash from %1$I.%4$I where from_snapshot = $1 and org_id = $2
                              union all
                              select row_id, before_valid_from, before_deleted, side_key, before, before_hash from syncline.local_edit
                              where sync = $3 and entity = $4 and organisation = $2 and snapshot_id is null and before_snapshot = $1) as version (row_id,
                                    valid_from, deleted, key, document, hash)
                        union all
                        select row_id, valid_from, false, int8send(row_id) || timestamptz_send(valid_from) || '\x02'::bytea || timestamptz_send(valid_to)
                              || int8send(from_snapshot) || %3$s
                        from %1$I.%4$I where to_snapshot = $1 and org_id = $2) as lines
                  group by row_id / 1000) as chunks $sql$, of_sync, one.entity, content, one.entity || '_history', one.key)
            into part using of_snapshot, of_organisation, of_sync, one.entity;
        if part.digest is not null then
            changes := changes + part.changes;
            whole := whole || convert_to(one.entity, 'UTF8') || '\x00'::bytea || part.digest;
        end if;
    end loop;
    digest := sha256(whole);
end $$;

-- What every version owes to the chain beside its digest: a snapshot of its own organisation, and while it is not sealed, an entry in the journal.
-- A deletion stands since a version began, and is a person's where the journal says so.
create function syncline.stray_rows(of_sync text, of_organisation text)
    returns table (snapshot_id bigint, entity text, row_id bigint, problem text) language plpgsql stable as $$
declare
    one record;
begin
    for one in select e.entity, e.side from syncline.entity e where e.sync = of_sync order by e.entity collate "C" loop
        return query execute format($sql$
            with own as materialized (select id from syncline.snapshot where sync = $1 and organisation = $2),
                 edit as materialized (select * from syncline.local_edit where sync = $1 and entity = $3 and organisation = $2)
            select r.snapshot_id, $3, r.row_id, 'points to a snapshot of another sync or organisation' from %1$I.%2$I r
            where r.org_id = $2 and r.snapshot_id <> 0 and r.snapshot_id not in (select id from own)
            union all
            select h.from_snapshot, $3, h.row_id, 'has a version in history of another sync or organisation' from %1$I.%4$I h
            where h.org_id = $2 and (h.from_snapshot not in (select id from own) or h.to_snapshot not in (select id from own))
            union all
            select e.before_snapshot, $3, e.row_id, 'has an edit of a snapshot of another sync or organisation' from edit e
            where e.snapshot_id is null and e.before_snapshot <> 0 and e.before_snapshot not in (select id from own)
            union all
            select 0, $3, r.row_id, 'is not sealed, and not what the journal says' from %1$I.%2$I r
            where r.org_id = $2 and r.snapshot_id = 0 and not exists (
                select from edit e where e.row_id = r.row_id and e.snapshot_id is null and e.edited_at = r.valid_from and e.after = r.document)
            union all
            select r.snapshot_id, $3, r.row_id, 'was not deleted when it says' from %1$I.%2$I r
            where r.org_id = $2 and r.deleted_at <> r.valid_from
              and not exists (select from %1$I.%4$I h where h.row_id = r.row_id and h.valid_from = r.deleted_at and h.deleted)
              and not exists (select from edit e where e.row_id = r.row_id and e.snapshot_id is null and e.before_valid_from = r.deleted_at and e.before_deleted)
            union all
            select r.snapshot_id, $3, r.row_id, 'was not deleted by the side it says' from %1$I.%2$I r
            where r.org_id = $2 and r.deleted_at is not null and r.deleted_by_side <> case when exists (
                select from edit e where e.row_id = r.row_id and e.operation = 'delete' and e.edited_at = r.deleted_at) then 'local' else %3$L end$sql$,
            of_sync, one.entity, one.side, one.entity || '_history') using of_sync, of_organisation, one.entity;
    end loop;
end $$;

-- Whether the columns of each row still say what its document says; a function made for each entity knows its columns.
create function syncline.unlike_rows(of_sync text, of_organisation text)
    returns table (snapshot_id bigint, entity text, row_id bigint, problem text) language plpgsql stable as $$
declare
    one record;
begin
    for one in select e.entity from syncline.entity e where e.sync = of_sync order by e.entity collate "C" loop
        return query execute format('select p.snapshot_id, $2, p.row_id, p.problem from %I.%I($1) p', of_sync, one.entity || '_problems')
            using of_organisation, one.entity;
    end loop;
end $$;

create function syncline.verify_chain(of_sync text, of_organisation text default 'default')
    returns table (snapshot_id bigint, number bigint, problem text) language plpgsql stable as $$
declare
    link     syncline.snapshot;
    previous bytea := sha256('');
    expected bigint := 1;
    before   timestamptz := 'epoch';
    changed  record;
    off      record;
begin
    for link in select * from syncline.snapshot s where s.sync = of_sync and s.organisation = of_organisation order by s.number loop
        snapshot_id := link.id;
        number := link.number;
        if link.number <> expected then
            problem := format('snapshot %s is missing', expected);
            return next;
            return;
        end if;
        select * into changed from syncline.change_digest(of_sync, of_organisation, link.id, true);
        problem := case
            when link.previous <> previous then 'does not follow from the snapshot before it'
            when link.sealed_at <= before then 'is not later than the snapshot before it'
            when link.digest <> syncline.snapshot_digest(link.previous, link.number, link.sealed_at, link.sync, link.organisation, link.run_id, link.changes,
                  link.change_digest)
                then 'its own entry was changed'
            when changed.changes <> link.changes then format('%s changes were sealed, %s are there', link.changes, changed.changes)
            when changed.digest <> link.change_digest then 'what it changed is not what was sealed'
        end;
        if problem is not null then
            return next;
            return;
        end if;
        previous := link.digest;
        before := link.sealed_at;
        expected := expected + 1;
    end loop;
    select * into off from syncline.stray_rows(of_sync, of_organisation) r order by r.snapshot_id, r.entity, r.row_id limit 1;
    if off.problem is null then
        select * into off from syncline.unlike_rows(of_sync, of_organisation) r order by r.snapshot_id, r.entity, r.row_id limit 1;
    end if;
    if off.problem is not null then
        snapshot_id := off.snapshot_id;
        select s.number into number from syncline.snapshot s where s.id = off.snapshot_id;
        problem := format('row %s of %s %s', off.row_id, off.entity, off.problem);
        return next;
    end if;
end $$;
comment on function syncline.verify_chain is
    'Recomputes every snapshot of a sync and organisation from the tables, then compares every row with its document. No row: the chain holds. One row: the first broken link, and what is wrong with it.';

create function syncline.organisation_of(of_snapshot bigint, of_sync text) returns text language plpgsql stable as $$
declare
    found text;
begin
    select organisation into found from syncline.snapshot s where s.id = of_snapshot and s.sync = of_sync;
    if found is null then
        raise exception 'there is no snapshot % of %', of_snapshot, of_sync using errcode = 'no_data_found',
              hint = 'Snapshots are listed in syncline.snapshot; the parameter is its id.';
    end if;
    return found;
end $$;

create function syncline.refuse_truncate() returns trigger language plpgsql as $$
begin
    raise exception 'truncate on %.% is refused: rows are deleted one by one, so that nothing is lost', tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege', hint = 'Use delete; deleted rows are kept and can be restored.';
end $$;
