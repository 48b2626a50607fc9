-- What work waits for, where nobody who only reads can stand in its way. Advisory locks are anybody's to take; a row that somebody has no right to change is not.

create table syncline.turn (
    sync         text not null,
    organisation text not null,
    primary key (sync, organisation)
);
comment on table syncline.turn is
    'Whoever publishes locks the row of its sync and organisation; a full or incremental run that begins waits for that. The lock ends with its session.';
select syncline.confine('syncline.turn');

-- Unlogged: a crash of PostgreSQL ends all sessions, and with them all claims.
create unlogged table syncline.claim (
    entry bigint      primary key,
    pid   integer     not null,
    began timestamptz not null
);
comment on table syncline.claim is
    'Who works on an entry of syncline.idempotency: the session that did is in pg_stat_activity, or the claim is anybody''s to take.';

comment on table syncline.idempotency is
    'One row for each key that a caller has sent for an operation. Whoever works on it holds a claim (syncline.claim), which ends with its session.';
