-- Rolling back a run goes forward: a run of its own makes a plan from what history kept, and applying that is applying any plan.

alter table syncline.run
    drop constraint run_mode_check,
    add column rolls_back bigint references syncline.run,
    add column reason     text check (reason <> ''),
    add constraint run_mode_check  check (mode in ('full', 'incremental', 'single', 'verify', 'apply', 'rollback')),
    add constraint run_rolls_back  check ((rolls_back is null) = (mode <> 'rollback') and (reason is null) = (rolls_back is null)),
    add constraint run_only_plans  check (dry_run or mode <> 'rollback');
create index run_rolled_back on syncline.run (rolls_back) where rolls_back is not null;
comment on column syncline.run.rolls_back is 'The run whose snapshot this one plans to take back.';
comment on column syncline.run.reason is 'Why it is to be taken back, in the words of who asked for it.';

-- A snapshot that a rollback left behind knows what it took back.
create function syncline.rolled_back_by(of_snapshot bigint) returns bigint language sql stable as $$
    select o.rolls_back from syncline.snapshot p join syncline.run a on a.id = p.run_id join syncline.run o on o.id = a.applies where p.id = of_snapshot
$$;
comment on function syncline.rolled_back_by is 'The run that was rolled back by the publish that left this snapshot; null for a publish of any other kind.';

create or replace function syncline.tell_run() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id)
        values (new.organisation, new.cancel_asked_by, 'run-cancelled', new.sync, new.entity, new.record_key, new.id);
    elsif new.mode <> 'single' or new.dry_run then
        insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id, detail)
        values (new.organisation, new.requested_by,
                case when new.approves is not null then 'deletes-approved' when new.applies is not null then 'plan-applied'
                     when new.rolls_back is not null then 'rollback-planned' else 'run-requested' end,
                new.sync, new.entity, new.record_key, new.id,
                concat_ws(', ', new.mode, case when new.dry_run then 'dry run' end, case when new.repair then 'repair' end,
                          'since ' || trim(both '"' from syncline.canonical(new.since)), 'deletes that run ' || new.approves || ' held',
                          'plan of run ' || new.applies, 'asked for by ' || new.trigger,
                          (select 'rolls back run ' || o.rolls_back || ': ' || o.reason from syncline.run o
                           where o.id = coalesce(new.applies, new.id) and o.rolls_back is not null)));
    end if;
    return null;
end $$;
