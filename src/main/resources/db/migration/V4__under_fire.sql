-- What runs need to be taken over, cancelled, approved, repeated and compared.

alter table syncline.run drop constraint run_mode_check;
alter table syncline.run
    add constraint run_mode_check check (mode in ('full', 'incremental', 'single', 'verify')),
    add column repair    boolean not null default false,
    add column approves  bigint references syncline.run,
    add column epoch     uuid,
    add column takeovers integer not null default 0,
    add column cancel_asked_at timestamptz,
    add column cancel_asked_by text,
    add constraint run_repair   check (not repair or mode = 'full'),
    add constraint run_approves check (approves is null or mode = 'full' and entity is not null),
    add constraint run_cancel   check ((cancel_asked_at is null) = (cancel_asked_by is null));
comment on column syncline.run.epoch is 'Of the staged plan: where syncline_staging.epoch says otherwise, the plan is lost and the run reads anew.';
comment on column syncline.run.takeovers is 'How often another process, or this one after a restart, went on with it.';

-- How an entity's pass was opened, for whoever takes the run over: whether it may move the watermark, and what was to be told before anything was read.
alter table syncline.run_entity
    add column moves_mark boolean not null default false,
    add column told_first text[]  not null default '{}';

-- Where a read stands after the page: what a taken-over run needs beside the rows that were staged.
alter table syncline.run_page add column progress jsonb;

-- The records of a single run. Requests that meet a run still waiting to begin join it with their record.
create table syncline.run_record (
    run_id       bigint not null references syncline.run on delete cascade,
    key          text   not null,
    requested_by text   not null,
    requested_at timestamptz not null default clock_timestamp(),
    primary key (run_id, key)
);

-- Held deletes that a person approved, row by row: a run may publish these and no others beyond the brake (promise 7).
create table syncline.approval (
    run_id bigint not null references syncline.run on delete cascade,
    entity text   not null,
    row_id bigint not null,
    primary key (run_id, entity, row_id)
);
comment on table syncline.approval is 'The ceiling of an approval: which held deletes the run may publish, should they still be absent.';

create index attention_due on syncline.attention (next_attempt_at) where state = 'open' and next_attempt_at is not null;

alter table syncline.run_entity add column complete boolean not null default false;
comment on column syncline.run_entity.complete is 'Everything was asked for, and the source delivered all that it said it has. When that was last so decides when an incremental run reads everything.';
update syncline.run_entity set complete = true where whole and state = 'published';

-- What was set aside before there were retries is due at once.
update syncline.attention set attempts = 1, next_attempt_at = clock_timestamp() where state = 'open' and kind in ('rejected', 'parked');

-- A comparison ends compared. What it found is kept until its report is written, in an unlogged table, like a staged plan.
alter table syncline.run
    drop constraint run_state_check,
    drop constraint run_check1,
    add constraint run_state_check check (state in ('queued', 'running', 'publishing', 'published', 'planned', 'compared', 'partial', 'failed', 'cancelled')),
    add constraint run_compared    check (state <> 'compared' or mode = 'verify'),
    add constraint run_finished    check ((state in ('published', 'planned', 'compared', 'partial', 'failed', 'cancelled')) = (finished_at is not null));
alter table syncline.run_entity
    drop constraint run_entity_state_check,
    add constraint run_entity_state_check check (state in ('reading', 'planned', 'published', 'compared', 'failed', 'left-out'));

create unlogged table syncline_staging.finding (
    run_id   bigint  not null,
    entity   text    not null,
    subject  text    not null collate "C",
    page     integer not null,
    key      text    collate "C",
    kind     text    not null,
    document text,
    hash     bytea,
    reason   text,
    primary key (run_id, entity, subject)
);
comment on table syncline_staging.finding is 'Where a comparison found the source and a table apart; document and hash are what the source showed, null where it has no such record.';

-- What repair overwrote is kept like the loser of a conflict.
alter table syncline.conflict
    drop constraint conflict_kind_check,
    add constraint conflict_kind_check check (kind in ('changed-both', 'deleted-there', 'deleted-here', 'bypassed'));
