-- When runs come by themselves.

create table syncline.schedule (
    name         text primary key,
    sync         text     not null,
    organisation text     not null,
    mode         text     not null check (mode in ('full', 'incremental')),
    cron         text     not null,
    zone         text     not null,
    jitter       interval not null,
    catch_up     boolean  not null,
    noted_at     timestamptz not null default clock_timestamp(),
    owed_since   timestamptz,
    owed_behind  bigint   not null default 0,
    last_run     bigint,
    paused_at    timestamptz,
    paused_by    text,
    unique (sync, organisation, mode),
    check ((paused_at is null) = (paused_by is null))
);
comment on table syncline.schedule is 'The cron lines of the sync files, one for each organisation.';
comment on column syncline.schedule.noted_at is 'Since when it has been in the files.';
comment on column syncline.schedule.owed_since is 'Its time came, or comes within the jitter, and no run was made of it yet: a different one was under way, or the process died in that moment.';
comment on column syncline.schedule.owed_behind is 'The last run that had the lease when its time came; one after that may settle what is owed.';
comment on column syncline.schedule.last_run is 'The last run that it asked for.';

-- What Quartz keeps for itself: the names and types are those it asks for.
create schema quartz;
comment on schema quartz is 'The clock of the schedules, as Quartz keeps it for all processes together.';

create table quartz.qrtz_job_details (
    sched_name        text    not null,
    job_name          text    not null,
    job_group         text    not null,
    description       text,
    job_class_name    text    not null,
    is_durable        boolean not null,
    is_nonconcurrent  boolean not null,
    is_update_data    boolean not null,
    requests_recovery boolean not null,
    job_data          bytea,
    primary key (sched_name, job_name, job_group)
);
create table quartz.qrtz_triggers (
    sched_name     text   not null,
    trigger_name   text   not null,
    trigger_group  text   not null,
    job_name       text   not null,
    job_group      text   not null,
    description    text,
    next_fire_time bigint,
    prev_fire_time bigint,
    priority       integer,
    trigger_state  text   not null,
    trigger_type   text   not null,
    start_time     bigint not null,
    end_time       bigint,
    calendar_name  text,
    misfire_instr  smallint,
    job_data       bytea,
    primary key (sched_name, trigger_name, trigger_group),
    foreign key (sched_name, job_name, job_group) references quartz.qrtz_job_details
);
create index qrtz_trigger_of_job on quartz.qrtz_triggers (sched_name, job_name, job_group);
create table quartz.qrtz_simple_triggers (
    sched_name      text   not null,
    trigger_name    text   not null,
    trigger_group   text   not null,
    repeat_count    bigint not null,
    repeat_interval bigint not null,
    times_triggered bigint not null,
    primary key (sched_name, trigger_name, trigger_group),
    foreign key (sched_name, trigger_name, trigger_group) references quartz.qrtz_triggers
);
create table quartz.qrtz_cron_triggers (
    sched_name      text not null,
    trigger_name    text not null,
    trigger_group   text not null,
    cron_expression text not null,
    time_zone_id    text,
    primary key (sched_name, trigger_name, trigger_group),
    foreign key (sched_name, trigger_name, trigger_group) references quartz.qrtz_triggers
);
create table quartz.qrtz_simprop_triggers (
    sched_name    text not null,
    trigger_name  text not null,
    trigger_group text not null,
    str_prop_1    text,
    str_prop_2    text,
    str_prop_3    text,
    int_prop_1    integer,
    int_prop_2    integer,
    long_prop_1   bigint,
    long_prop_2   bigint,
    dec_prop_1    numeric,
    dec_prop_2    numeric,
    bool_prop_1   boolean,
    bool_prop_2   boolean,
    primary key (sched_name, trigger_name, trigger_group),
    foreign key (sched_name, trigger_name, trigger_group) references quartz.qrtz_triggers
);
create table quartz.qrtz_blob_triggers (
    sched_name    text not null,
    trigger_name  text not null,
    trigger_group text not null,
    blob_data     bytea,
    primary key (sched_name, trigger_name, trigger_group),
    foreign key (sched_name, trigger_name, trigger_group) references quartz.qrtz_triggers
);
create table quartz.qrtz_calendars (
    sched_name    text  not null,
    calendar_name text  not null,
    calendar      bytea not null,
    primary key (sched_name, calendar_name)
);
create table quartz.qrtz_paused_trigger_grps (
    sched_name    text not null,
    trigger_group text not null,
    primary key (sched_name, trigger_group)
);
create table quartz.qrtz_fired_triggers (
    sched_name        text    not null,
    entry_id          text    not null,
    trigger_name      text    not null,
    trigger_group     text    not null,
    instance_name     text    not null,
    fired_time        bigint  not null,
    sched_time        bigint  not null,
    priority          integer not null,
    state             text    not null,
    job_name          text,
    job_group         text,
    is_nonconcurrent  boolean,
    requests_recovery boolean,
    primary key (sched_name, entry_id)
);
create table quartz.qrtz_scheduler_state (
    sched_name        text   not null,
    instance_name     text   not null,
    last_checkin_time bigint not null,
    checkin_interval  bigint not null,
    primary key (sched_name, instance_name)
);
create table quartz.qrtz_locks (
    sched_name text not null,
    lock_name  text not null,
    primary key (sched_name, lock_name)
);

-- How a sync stands is looked up often: its last runs, the one under way, and the last that did not go well.
create index run_long on syncline.run (sync, organisation, mode, id desc) where mode in ('full', 'incremental') and not dry_run and entity is null;
create index run_active on syncline.run (sync, organisation, id) where finished_at is null;
create index run_trouble on syncline.run (sync, organisation, id desc) where state in ('failed', 'partial');
create index run_finished on syncline.run (sync, organisation, finished_at desc) where finished_at is not null;
