-- Runs: who asked for what, how far it got, what came of it.

create table syncline.run (
    id             bigint generated always as identity primary key,
    sync           text        not null,
    organisation   text        not null,
    mode           text        not null check (mode in ('full', 'incremental', 'single')),
    dry_run        boolean     not null default false,
    entity         text,
    record_key     text,
    since          timestamptz,
    trigger        text        not null,
    requested_by   text        not null,
    state          text        not null check (state in ('queued', 'running', 'publishing', 'published', 'planned', 'partial', 'failed', 'cancelled')),
    requested_at   timestamptz not null default clock_timestamp(),
    started_at     timestamptz,
    finished_at    timestamptz,
    holder         text,
    alive_until    timestamptz,
    fence          bigint,
    snapshot_id    bigint,
    failure        text,
    report         text,
    check (dry_run or state <> 'planned'),
    check ((state in ('published', 'planned', 'partial', 'failed', 'cancelled')) = (finished_at is not null))
);
create index run_by_sync on syncline.run (sync, organisation, id desc);

comment on table syncline.run is 'One pass over a sync. Every run ends in a final state (promise 23).';

create table syncline.run_entity (
    run_id      bigint not null references syncline.run on delete cascade,
    entity      text   not null,
    state       text   not null check (state in ('reading', 'planned', 'published', 'failed', 'left-out')),
    whole       boolean not null,
    since       timestamptz,
    mark        timestamptz,
    reasons     text[] not null default '{}',
    started_at  timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    primary key (run_id, entity)
);

comment on column syncline.run_entity.whole is 'Everything was asked for, so what is missing may be gone.';
comment on column syncline.run_entity.mark is 'Fixed when reading began; becomes the watermark when the run is published.';

-- One page is one checkpoint, written in the same transaction as what the page staged.
-- counts holds the outcomes of records that need no staging; those staged are counted from the plan itself. planned is how many those were, so that
-- they are counted even where the plan came to nothing.
create table syncline.run_page (
    run_id     bigint  not null,
    entity     text    not null,
    number     integer not null,
    origin     text    not null check (origin in ('source', 'absence', 'parked')),
    delivered  integer not null,
    counts     jsonb   not null,
    planned    integer not null default 0,
    resume     text,
    staged_at  timestamptz not null default clock_timestamp(),
    primary key (run_id, entity, number),
    foreign key (run_id, entity) references syncline.run_entity on delete cascade
);

-- One full or incremental run per sync and organisation; the fence only ever grows (promise 22).
-- A lease is held while its run is unfinished and its holder keeps saying that it is alive.
create table syncline.lease (
    sync         text   not null,
    organisation text   not null,
    fence        bigint not null,
    run_id       bigint references syncline.run,
    primary key (sync, organisation)
);

-- The true mark up to which a side has been read; never the shifted one that was asked for (promise 2).
create table syncline.watermark (
    sync         text        not null,
    organisation text        not null,
    entity       text        not null,
    side         text        not null,
    mark         timestamptz not null,
    run_id       bigint      not null references syncline.run,
    primary key (sync, organisation, entity, side)
);
