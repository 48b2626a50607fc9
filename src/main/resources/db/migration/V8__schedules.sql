-- When runs come by themselves.

create table syncline.schedule (
    name         text primary key,
    sync         text   not null,
    organisation text   not null,
    mode         text   not null check (mode in ('full', 'incremental')),
    cron         text   not null,
    zone         text   not null,
    owed_since   timestamptz,
    owed_behind  bigint not null default 0,
    unique (sync, organisation, mode)
);
comment on table syncline.schedule is 'The cron lines of the sync files, one for each organisation.';
comment on column syncline.schedule.owed_since is 'Its time came and no run was made of it yet: a different one was under way, or the process died in that moment.';
comment on column syncline.schedule.owed_behind is 'The last run that had the lease when its time came; one after that may settle what is owed.';
