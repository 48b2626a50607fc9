-- The digest of a snapshot is made of the same bytes as before, so every chain holds. Where nothing of the snapshot stands in the history, as after a first
-- load, its lines come from the entity's table alone, and need not be put in order among others.
create or replace function syncline.change_digest(of_sync text, of_organisation text, of_snapshot bigint, recompute boolean, out changes bigint,
                                                  out digest bytea) language plpgsql stable as $$
declare
    one     record;
    part    record;
    alone   boolean;
    content text := case when recompute
        then 'case when document = '''' or sha256(convert_to(document, ''UTF8'')) = hash then hash else ''\x'' end' else 'hash' end;
    whole   bytea := '';
begin
    changes := 0;
    for one in select e.entity, e.side || '_id' as key from syncline.entity e where e.sync = of_sync order by e.entity collate "C" loop
        execute format($sql$
            select not exists (select from %1$I.%2$I where from_snapshot = $1) and not exists (select from %1$I.%2$I where to_snapshot = $1)
               and not exists (select from syncline.local_edit where sync = $2 and entity = $3 and snapshot_id is null and before_snapshot = $1) $sql$,
            of_sync, one.entity || '_history') into alone using of_snapshot, of_sync, one.entity;
        if alone then
            execute format($sql$
                select sum(began)::bigint as changes, sha256(string_agg(chunk, '' order by nr)) as digest
                from (select row_id / 1000 as nr, count(*) as began,
                             sha256(string_agg(int8send(row_id) || timestamptz_send(valid_from)
                                 || case when deleted_at is not null then '\x01'::bytea else '\x00'::bytea end || syncline.key_bytes(%4$I) || %3$s,
                                 '' order by row_id)) as chunk
                      from %1$I.%2$I where snapshot_id = $1 and org_id = $2
                      group by row_id / 1000) as chunks $sql$, of_sync, one.entity, content, one.key)
                into part using of_snapshot, of_organisation;
        else
            execute format($sql$
                select sum(began)::bigint as changes, sha256(string_agg(chunk, '' order by nr)) as digest
                from (select row_id / 1000 as nr, count(*) filter (where began) as began,
                             sha256(string_agg(line, '' order by row_id, valid_from, began)) as chunk
                      from (select row_id, valid_from, true as began,
                                   int8send(row_id) || timestamptz_send(valid_from) || case when deleted then '\x01'::bytea else '\x00'::bytea end
                                   || syncline.key_bytes(key) || %3$s as line
                            from (select row_id, valid_from, deleted_at is not null, %5$I, document, hash from %1$I.%2$I
                                  where snapshot_id = $1 and org_id = $2
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
        end if;
        if part.digest is not null then
            changes := changes + part.changes;
            whole := whole || convert_to(one.entity, 'UTF8') || '\x00'::bytea || part.digest;
        end if;
    end loop;
    digest := sha256(whole);
end $$;
