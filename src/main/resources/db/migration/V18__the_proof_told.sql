-- What a verification tells of anchors outside, what it says where the tables do not fit what is written about them, and that no time to come has a past.

alter table syncline.chain_check
    drop constraint chain_check_state_check,
    add constraint chain_check_state_check check (state in ('running', 'holds', 'anchors-missing', 'broken', 'failed')),
    add column anchors jsonb;
comment on column syncline.chain_check.anchors is
    'How many anchors are known to have been written to the file, how many of those stand there, which do not, and how many of its lines are no anchor.';

-- A row of syncline.entity that was changed, or a table that is gone, is a link that does not hold and no failure of who verifies.
alter function syncline.verify_chain(text, text) rename to recompute_chain;
comment on function syncline.recompute_chain is 'What syncline.verify_chain does; it fails where the tables are not those that syncline.entity tells of.';

create function syncline.verify_chain(of_sync text, of_organisation text default 'default')
    returns table (snapshot_id bigint, number bigint, problem text) language plpgsql stable as $$
begin
    return query select r.snapshot_id, r.number, r.problem from syncline.recompute_chain(of_sync, of_organisation) r;
exception when undefined_table or undefined_column or undefined_function or datatype_mismatch or invalid_schema_name then
    return query select s.id, s.number, 'cannot be computed again, because the tables are not those that syncline.entity tells of: ' || sqlerrm
        from syncline.snapshot s where s.sync = of_sync and s.organisation = of_organisation order by s.number limit 1;
end $$;
comment on function syncline.verify_chain is
    'Recomputes every snapshot of a sync and organisation from the tables, then compares every row with its document. No row: the chain holds. One row: the first broken link, and what is wrong with it.';

alter function syncline.verify_ledgers(text) rename to recompute_ledgers;
comment on function syncline.recompute_ledgers is 'What syncline.verify_ledgers does; it fails where the tables are not those that syncline.entity tells of.';

create function syncline.verify_ledgers(of_organisation text default 'default') returns table (kind text, number bigint, problem text)
    language plpgsql stable as $$
declare
    why text;
begin
    begin
        return query select r.kind, r.number, r.problem from syncline.recompute_ledgers(of_organisation) r;
        return;
    exception when undefined_table or undefined_column or undefined_function or datatype_mismatch or invalid_schema_name then
        why := sqlerrm;
    end;
    return query select l.kind, v.number, v.problem from syncline.ledgers() l cross join lateral syncline.verify_ledger(l.ledger, of_organisation) v;
    return query select 'decisions', 0::bigint, 'cannot be compared with their versions, because the tables are not those that syncline.entity tells of: ' || why;
end $$;
comment on function syncline.verify_ledgers is
    'Recomputes what is chained beside the snapshots: decisions and other ledgers of an organisation. No row: all hold. Else the first broken link of each.';

-- Promise 19: what is answered about an instant is the same for ever, so there is no answer about one that has not been yet.
create function syncline.is_past(instant timestamptz) returns boolean language plpgsql stable parallel safe as $$
begin
    if instant > clock_timestamp() then
        raise exception '% is not in the past', instant
            using errcode = 'datetime_field_overflow', hint = 'Nobody knows yet what will be there then. Ask about an instant that has passed, such as now().';
    end if;
    return true;
end $$;
comment on function syncline.is_past is 'True; an instant that has not been yet is refused. The functions that tell what was there then ask it once.';
