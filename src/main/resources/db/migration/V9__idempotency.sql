-- What a request with an Idempotency-Key did, and how it was answered.

create table syncline.idempotency (
    id           bigint generated always as identity primary key,
    organisation text        not null,
    caller       text        not null,
    operation    text        not null,
    key          text        not null check (key ~ '^[!-~]{1,255}$'),
    request      bytea       not null check (octet_length(request) = 32),
    began_at     timestamptz not null default clock_timestamp(),
    run_id       bigint      references syncline.run on delete cascade,
    joined       boolean,
    single       boolean,
    status       integer     check (status between 200 and 499),
    media_type   text,
    headers      jsonb,
    body         bytea,
    unique (organisation, caller, operation, key),
    check ((run_id is null) = (joined is null) and (joined is null) = (single is null)),
    check ((status is null) = (headers is null)),
    check (body is null or status is not null)
);
create index idempotency_age on syncline.idempotency (began_at);
create index idempotency_run on syncline.idempotency (run_id) where run_id is not null;
comment on table syncline.idempotency is 'One row for each key that a caller has sent for an operation. Whoever works on it holds an advisory lock, which ends with its process.';
comment on column syncline.idempotency.request is 'SHA-256 of what was asked: the same key with another request is refused.';
comment on column syncline.idempotency.run_id is 'The run that the request started or joined, written in the transaction that accepted it: whatever happens to the process, the request is answered with this run.';
comment on column syncline.idempotency.status is 'Null while there is no answer to repeat.';
comment on column syncline.idempotency.body is 'Null where the answer held a secret: that is kept nowhere (promise 28).';

-- How many records the source has said that there are, while they are read.
alter table syncline.run_page add column total bigint;

create index run_by_organisation on syncline.run (organisation, id desc);
