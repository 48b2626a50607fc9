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

-- Who let somebody read by SQL, and who took that back, is told like keys are.
create function syncline.tell_reader() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        insert into syncline.activity (organisation, actor, action, key) values (old.organisation, syncline.actor(null), 'reader-dropped', old.role);
        return null;
    end if;
    if tg_op = 'UPDATE' and old.organisation <> new.organisation then
        insert into syncline.activity (organisation, actor, action, key) values (old.organisation, new.created_by, 'reader-dropped', old.role);
    end if;
    if tg_op = 'INSERT' or old.organisation <> new.organisation then
        insert into syncline.activity (organisation, actor, action, key) values (new.organisation, new.created_by, 'reader-made', new.role);
    end if;
    return null;
end $$;
create trigger told after insert or update or delete on syncline.reader for each row execute function syncline.tell_reader();
