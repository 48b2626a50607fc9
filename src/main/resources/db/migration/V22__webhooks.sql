-- Webhooks: what systems told, kept before they were answered, until what it is about has been read.

create table syncline.webhook (
    id              bigint generated always as identity primary key,
    organisation    text        not null,
    system          text        not null,
    delivery        text        not null,
    digest          bytea       not null,
    received_at     timestamptz not null default clock_timestamp(),
    body            bytea       not null,
    sync            text,
    entity          text,
    key             text,
    state           text        not null check (state in ('waiting', 'reading', 'done', 'ignored', 'failed')),
    reason          text,
    attempts        integer     not null default 0,
    next_attempt_at timestamptz,
    run_id          bigint,
    ended_at        timestamptz,
    check (state not in ('waiting', 'reading') or (sync is not null and entity is not null and key is not null)),
    check ((state = 'waiting') = (next_attempt_at is not null)),
    check (state <> 'reading' or run_id is not null),
    check ((state in ('done', 'ignored', 'failed')) = (ended_at is not null))
);

comment on table syncline.webhook is 'What systems told, a row for each entity it is about. Nothing of it is taken over: it says which record to read (promise 25).';
comment on column syncline.webhook.delivery is 'The id that its sender gave it, or what stands for one.';
comment on column syncline.webhook.digest is 'SHA-256 of the body: the same id with the same body is the same message.';

create unique index webhook_once on syncline.webhook (organisation, system, delivery, digest, coalesce(sync, ''), coalesce(entity, ''));
create index webhook_waiting on syncline.webhook (next_attempt_at, id) where state = 'waiting';
create index webhook_reading on syncline.webhook (run_id) where state = 'reading';
create index webhook_open_record on syncline.webhook (organisation, sync, entity, key) where state in ('waiting', 'reading');
create index webhook_listed on syncline.webhook (organisation, id desc);
create index webhook_received on syncline.webhook (received_at);
select syncline.confine('syncline.webhook');
