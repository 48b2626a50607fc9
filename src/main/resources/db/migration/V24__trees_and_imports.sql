-- Trees that never close to a circle, tables of people's own beside the entities, and the files that fill them.

-- ---------------------------------------------------------------- trees
create unlogged table syncline_staging.climb (
    run_id bigint not null,
    key    text collate "C" not null,
    at     text collate "C",
    parent text collate "C",
    primary key (run_id, key)
);
comment on table syncline_staging.climb is
    'How far each record of a tree has looked up to its ancestors; every round doubles it. Used while a plan is completed, empty otherwise.';

create table syncline.tree (
    sync         text   not null,
    entity       text   not null,
    organisation text   not null,
    moves        bigint not null default 1,
    primary key (sync, entity, organisation)
);
comment on table syncline.tree is
    'Whoever moves a record of a tree counts it here and thereby waits for others who do: two moves at once could close a circle that neither of them sees.';
select syncline.confine('syncline.tree');

-- ---------------------------------------------------------------- tables of people's own
create table syncline.local_table (
    sync       text  not null,
    local_name text  not null,
    fields     jsonb not null,
    generated  bytea not null,
    primary key (sync, local_name)
);
comment on table syncline.local_table is
    'The tables that a sync declares under localTables, and the fields they were made for. No sync ever reads or writes them.';

-- ---------------------------------------------------------------- imports
create table syncline.import_run (
    id           bigint      generated always as identity primary key,
    sync         text        not null,
    import       text        not null,
    organisation text        not null,
    trigger      text        not null check (trigger in ('api', 'schedule')),
    requested_by text        not null check (requested_by <> ''),
    forced       boolean     not null default false,
    requested_at timestamptz not null default clock_timestamp(),
    beat_at      timestamptz not null default clock_timestamp(),
    finished_at  timestamptz,
    state        text        not null default 'running' check (state in ('running', 'done', 'partial', 'failed')),
    message      text,
    check ((state = 'running') = (finished_at is null))
);
create unique index import_run_active on syncline.import_run (sync, import, organisation) where state = 'running';
create index import_run_list on syncline.import_run (sync, organisation, id desc);
comment on table syncline.import_run is 'One row for each time that an import looked for files: who asked, when, and how it ended.';
comment on column syncline.import_run.beat_at is 'When its process last showed that it lives.';
select syncline.confine('syncline.import_run');

create table syncline.import_file (
    id           bigint      generated always as identity primary key,
    import_run   bigint      not null references syncline.import_run,
    organisation text        not null,
    supplier     text        not null,
    file         text,
    bytes        bigint,
    digest       bytea       check (octet_length(digest) = 32),
    state        text        not null check (state in ('taken', 'known', 'failed')),
    message      text,
    lines        integer     not null default 0,
    created      integer     not null default 0,
    updated      integer     not null default 0,
    unchanged    integer     not null default 0,
    rejected     integer     not null default 0,
    unknown      integer     not null default 0,
    ended        integer     not null default 0,
    problems     jsonb       not null default '[]',
    finished_at  timestamptz not null default clock_timestamp(),
    check (lines = created + updated + unchanged + rejected + unknown),
    check (state <> 'taken' or digest is not null)
);
create index import_file_run on syncline.import_file (import_run);
create index import_file_digest on syncline.import_file (digest) where state = 'taken';
comment on table syncline.import_file is
    'What an import made of each file it found: every line has one outcome, and the first hundred problems are kept with their lines.';
select syncline.confine('syncline.import_file');

create unlogged table syncline_staging.import_line (
    import_run bigint  not null,
    line       integer not null,
    found_by   text,
    said       jsonb,
    problem    text,
    outcome    text,
    target     bigint,
    row_id     bigint
);
create index import_line_run on syncline_staging.import_line (import_run, line);
comment on table syncline_staging.import_line is 'The lines of the file that an import is taking.';

-- Who may look at the entities may look at what stands beside them.
alter function syncline.let_read(name) rename to let_read_entities;
create function syncline.let_read(reader name) returns void language plpgsql as $$
declare
    of_sync  text;
    readable text;
begin
    perform syncline.let_read_entities(reader);
    execute format('grant select on syncline.import_run, syncline.import_file to %I', reader);
    for of_sync, readable in
        select l.sync, l.local_name from syncline.local_table l where to_regclass(format('%I.%I', l.sync, l.local_name)) is not null
    loop
        execute format('grant select on %I.%I to %I', of_sync, readable, reader);
    end loop;
end $$;
