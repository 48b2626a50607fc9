-- What is removed leaves its header and its hash: content may go, where an entry of a ledger says so, and nothing else.

create table syncline.removal (
    organisation text        not null check (organisation <> ''),
    number       bigint      not null,
    at           timestamptz not null,
    actor        text        not null check (actor <> ''),
    kind         text        not null check (kind in ('erased', 'expired')),
    reason       text        not null check (reason <> ''),
    sync         text        not null,
    entity       text        not null,
    row_id       bigint,
    key          text,
    before       timestamptz,
    decided      boolean     not null,
    previous     bytea       not null,
    entry        text        not null,
    digest       bytea       not null unique,
    primary key (organisation, number),
    check ((kind = 'erased') = (row_id is not null)),
    check ((kind = 'expired') = (before is not null)),
    check (kind = 'erased' or key is null and not decided)
);
create index removal_of_row on syncline.removal (sync, entity, row_id);
comment on table syncline.removal is
    'What was removed, by whom and why: a record (erased), or every version superseded before a time (expired). Append only, chained by digest; headers and hashes stay.';
comment on column syncline.removal.decided is 'Whether versions that decisions point to went, too.';
comment on column syncline.removal.before is 'Versions that were superseded until then are covered.';

create trigger appended before insert on syncline.removal for each row execute function syncline.append_to_ledger();
create trigger kept before update or delete or truncate on syncline.removal for each statement execute function syncline.refuse_change();
select syncline.confine('syncline.removal');

-- The first entry that covers a version, which is known by its row and since when it stands; ended is null for one that still stands.
create function syncline.removal_of(of_sync text, of_entity text, of_organisation text, of_row bigint, began timestamptz, ended timestamptz)
    returns setof syncline.removal language sql stable as $$
    select r.* from syncline.removal r
    where r.organisation = of_organisation and r.sync = of_sync and r.entity = of_entity
      and (r.row_id = of_row and began <= r.at or r.row_id is null and ended <= r.before)
      and (r.decided or not exists (select from syncline.decision d where d.organisation = of_organisation and d.sync = of_sync and d.entity = of_entity
                                                                       and d.row_id = of_row and d.valid_from = began))
    order by r.number limit 1
$$;
comment on function syncline.removal_of is 'Why a version has no content any more: the first entry that covers it, which is none while decisions point to it and the entry spares them.';

create function syncline.is_removed(of_sync text, of_entity text, of_organisation text, of_row bigint, began timestamptz, ended timestamptz)
    returns boolean language sql stable as $$
    select exists (select from syncline.removal_of(of_sync, of_entity, of_organisation, of_row, began, ended))
$$;

-- ---------------------------------------------------------------- what is sealed lets go of its content and of nothing else
create function syncline.refuse_unless_removed() returns trigger language plpgsql as $$
declare
    same record;
begin
    if tg_op = 'UPDATE' then
        same := new;
        same.document := old.document;
        if new.document = '' and same is not distinct from old
           and syncline.is_removed(tg_argv[0], tg_argv[1], old.org_id, old.row_id, old.valid_from, old.valid_to) then
            return new;
        end if;
    end if;
    raise exception '% on %.% is refused: what is sealed stays as it is', lower(tg_op), tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege', hint = 'Corrections are made forward: edit the entity table, or roll back to an earlier snapshot.';
end $$;

-- A new entity table is made with these; those that are there get them now.
create function syncline.seal_history(of_sync text, of_entity text) returns void language plpgsql as $$
begin
    execute format('drop trigger if exists sealed on %I.%I', of_sync, of_entity || '_history');
    execute format('create trigger sealed before update or delete on %I.%I for each row execute function syncline.refuse_unless_removed(%L, %L)', of_sync,
                   of_entity || '_history', of_sync, of_entity);
    execute format('create or replace trigger sealed_whole before truncate on %I.%I for each statement execute function syncline.refuse_change()', of_sync,
                   of_entity || '_history');
end $$;
select syncline.seal_history(e.sync, e.entity) from syncline.entity e where to_regclass(format('%I.%I', e.sync, e.entity || '_history')) is not null;

create or replace function syncline.refuse_journal_change() returns trigger language plpgsql as $$
declare
    same syncline.local_edit;
begin
    if tg_op = 'UPDATE' then
        if old.snapshot_id is null and new.snapshot_id is not null and to_jsonb(new) - 'snapshot_id' = to_jsonb(old) - 'snapshot_id' then
            return new;
        end if;
        same := new;
        same.before := old.before;
        same.after := old.after;
        if same is not distinct from old
           and (new.before is not distinct from old.before or new.before = ''
                and syncline.is_removed(old.sync, old.entity, old.organisation, old.row_id, old.before_valid_from, old.edited_at))
           and (new.after = old.after or new.after = ''
                and syncline.is_removed(old.sync, old.entity, old.organisation, old.row_id, old.edited_at, old.edited_at)) then
            return new;
        end if;
    end if;
    raise exception '% on syncline.local_edit is refused: the journal only grows', lower(tg_op) using errcode = 'insufficient_privilege';
end $$;

-- ---------------------------------------------------------------- the chain covers hashes, so it holds; what has no content owes an entry
-- When verified, a version counts as sealed only if its hash is that of its document, or its document was removed.
create or replace function syncline.change_digest(of_sync text, of_organisation text, of_snapshot bigint, recompute boolean, out changes bigint, out digest bytea)
    language plpgsql stable as $$
declare
    one     record;
    part    record;
    content text := case when recompute then 'case when document = '''' or sha256(convert_to(document, ''UTF8'')) = hash then hash else ''\x'' end' else 'hash' end;
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

create or replace function syncline.stray_rows(of_sync text, of_organisation text)
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
                select from edit e where e.row_id = r.row_id and e.operation = 'delete' and e.edited_at = r.deleted_at) then 'local' else %3$L end
            union all
            select v.snapshot_id, $3, v.row_id, 'has a version without its content, and no entry of syncline.removal says why'
            from (select r.snapshot_id, r.row_id, r.valid_from, null::timestamptz from %1$I.%2$I r where r.org_id = $2 and r.document = ''
                  union all
                  select h.from_snapshot, h.row_id, h.valid_from, h.valid_to from %1$I.%4$I h where h.org_id = $2 and h.document = ''
                  union all
                  select e.before_snapshot, e.row_id, e.before_valid_from, e.edited_at from edit e where e.snapshot_id is null and e.before = '')
                 as v (snapshot_id, row_id, began, ended)
            where not syncline.is_removed($1, $3, $2, v.row_id, v.began, v.ended)$sql$,
            of_sync, one.entity, one.side, one.entity || '_history') using of_sync, of_organisation, one.entity;
    end loop;
end $$;

