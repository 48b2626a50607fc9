-- Kept plans: what a dry run decided stays staged for a while, and can be applied, whole or in part.

create table syncline.plan (
    run_id       bigint      primary key references syncline.run on delete cascade,
    sync         text        not null,
    organisation text        not null,
    epoch        uuid        not null,
    counts       jsonb       not null check (jsonb_typeof(counts) = 'object'),
    kept_at      timestamptz not null default clock_timestamp(),
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    ended_how    text        check (ended_how in ('expired', 'replaced', 'dropped')),
    ended_by     text,
    check (expires_at > kept_at),
    check ((ended_at is null) = (ended_how is null))
);
create index plan_kept on syncline.plan (sync, organisation, run_id desc) where ended_at is null;
create index plan_list on syncline.plan (organisation, run_id desc);
comment on table syncline.plan is 'A dry run whose staged rows are kept. An entry outlives its rows, so that whoever asks for them learns why they are gone.';
comment on column syncline.plan.epoch is 'Of the staged rows: where syncline_staging.epoch says otherwise, PostgreSQL has lost them and the plan is void.';
comment on column syncline.plan.counts is 'For each entity that could be read how many rows have which outcome.';

-- Applying is a run of its own kind: it reads nothing, and what it publishes was decided by the run that it applies.
alter table syncline.run
    drop constraint run_mode_check,
    drop constraint run_repair,
    add column applies   bigint references syncline.run,
    add column selection jsonb,
    add constraint run_mode_check check (mode in ('full', 'incremental', 'single', 'verify', 'apply')),
    add constraint run_repair     check (not repair or mode in ('full', 'apply')),
    add constraint run_applies    check ((applies is null) = (mode <> 'apply')),
    add constraint run_selection  check (selection is null or mode = 'apply');
create index run_of_plan on syncline.run (applies) where applies is not null;
comment on column syncline.run.applies is 'The dry run whose kept plan this run publishes.';
comment on column syncline.run.selection is 'Which rows of the plan; null for all of them.';

alter table syncline.run_page
    drop constraint run_page_origin_check,
    add constraint run_page_origin_check check (origin in ('source', 'absence', 'parked', 'plan'));

create unlogged table syncline_staging.overtaken (
    plan   bigint not null,
    entity text   not null,
    row_id bigint not null,
    run_id bigint not null,
    primary key (plan, entity, row_id)
);
comment on table syncline_staging.overtaken is
    'Rows of a dry run that another run has seen at the source later, and there as they had been agreed: such a showing leaves no trace in the row itself.';
