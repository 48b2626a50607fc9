-- What people did here, on its way to the system: the outbox, and runs that seal edits and settle answers without reading anything.

alter table syncline.run
    drop constraint run_mode_check,
    add constraint run_mode_check check (mode in ('full', 'incremental', 'single', 'verify', 'apply', 'rollback', 'push'));

create table syncline.push (
    id                   uuid        primary key default gen_random_uuid(),
    number               bigint      generated always as identity unique,
    sync                 text        not null,
    entity               text        not null,
    organisation         text        not null check (organisation <> ''),
    row_id               bigint      not null,
    key                  text,
    action               text        not null check (action in ('create', 'update', 'delete', 'restore')),
    state                text        not null check (state in ('waiting', 'sending', 'unclear', 'answered', 'done', 'parked', 'unknown', 'overtaken', 'discarded')),
    document             text        not null,
    hash                 bytea       not null,
    agreed               text,
    agreed_hash          bytea,
    edited_at            timestamptz,
    edited_by            text,
    run_id               bigint      not null references syncline.run,
    created_at           timestamptz not null,
    attempts             integer     not null default 0 check (attempts >= 0),
    next_attempt_at      timestamptz,
    fence                integer     not null default 0,
    claimed_by           text,
    claimed_until        timestamptz,
    first_sent_at        timestamptz,
    last_sent_at         timestamptz,
    reason               text,
    status               integer,
    answered_at          timestamptz,
    answered_key         text,
    answered_document    text,
    answered_hash        bytea,
    answered_mapping     integer,
    answered_version     bigint,
    answered_modified_on timestamptz,
    answered_deleted     boolean,
    settled_by_run       bigint      references syncline.run,
    ended_at             timestamptz,
    ended_by             text,
    end_reason           text,
    check (action <> 'create' or key is null),
    check ((action = 'create') = (agreed is null)),
    check ((state in ('done', 'overtaken', 'discarded')) = (ended_at is not null)),
    check (state <> 'sending' or claimed_by is not null and claimed_until is not null),
    check (state not in ('sending', 'unclear', 'answered', 'unknown') or first_sent_at is not null),
    check (state <> 'answered' or answered_at is not null and answered_deleted is not null),
    check (state not in ('parked', 'unknown') or reason is not null and next_attempt_at is null)
);
create unique index push_open on syncline.push (sync, entity, row_id) where ended_at is null;
create index push_due on syncline.push (sync, organisation, next_attempt_at, number) where state in ('waiting', 'unclear');
create index push_under_way on syncline.push (sync, entity) where state in ('sending', 'unclear', 'answered');
create index push_claimed on syncline.push (claimed_until) where state = 'sending';
create index push_answered on syncline.push (sync, organisation, entity) where state = 'answered';
create index push_creates on syncline.push (sync, entity, organisation) where action = 'create' and state in ('sending', 'unclear', 'answered', 'unknown');
create index push_list on syncline.push (organisation, sync, number desc);
create index push_of_row on syncline.push (sync, entity, row_id, number desc);
create index push_waiting on syncline.push (organisation, number desc) where state in ('parked', 'unknown');
comment on table syncline.push is
    'The outbox: what people did here, on its way to the system. Written by publish alone, so that whatever is sent stands in a snapshot. The id is the idempotency key: one over all attempts.';
comment on column syncline.push.agreed is 'What had been agreed with the side when the entry was made; null for a record that is to be made there.';
comment on column syncline.push.agreed_hash is 'Its hash; null for a record that is to be made there, and where it was agreed that the side has it no more.';
comment on column syncline.push.fence is 'Counts claims: whoever knows a smaller number notes nothing any more.';
comment on column syncline.push.first_sent_at is 'Since when it may have arrived. A claim says so before anything is sent, and takes it back where it is certain that nothing was.';
comment on column syncline.push.reason is 'Why it waits, in a sentence; of a refusal the system''s own words.';
select syncline.confine('syncline.push');

create table syncline.push_bar (
    sync         text        not null,
    organisation text        not null,
    why          text        not null,
    since        timestamptz not null,
    until        timestamptz not null,
    lets_nobody_in boolean   not null,
    primary key (sync, organisation)
);
comment on table syncline.push_bar is 'Until when nothing is sent to the system of a sync, because that lets nobody in (401, 403) or asks for time (429). An entry whose time has passed says nothing any more.';
select syncline.confine('syncline.push_bar');

-- Runs that seal what was edited and settle what was answered come by themselves, many a day; only those that somebody asked for are told of.
create or replace function syncline.tell_run() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id)
        values (new.organisation, new.cancel_asked_by, 'run-cancelled', new.sync, new.entity, new.record_key, new.id);
    elsif (new.mode <> 'single' or new.dry_run) and (new.mode <> 'push' or new.trigger not in ('edit', 'push')) then
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
