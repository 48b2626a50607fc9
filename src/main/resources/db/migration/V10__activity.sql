-- Who did what, and when; and who decided that something set aside need not be looked at any more.

create table syncline.activity (
    id           bigint      generated always as identity primary key,
    at           timestamptz not null default clock_timestamp(),
    organisation text        not null check (organisation <> ''),
    actor        text        not null check (actor <> ''),
    action       text        not null check (action ~ '^[a-z]+(-[a-z]+)*$'),
    sync         text,
    entity       text,
    key          text,
    run_id       bigint,
    detail       text
);
create index activity_list on syncline.activity (organisation, id desc);
create index activity_of_actor on syncline.activity (organisation, actor, id desc);
create index activity_of_time on syncline.activity (organisation, at, id);
comment on table syncline.activity is
    'Who did what, and when: runs asked for and cancelled, approvals, edits through the API, retries, discards, keys, sign-ins. Append only; it holds no secret.';
create trigger kept before update or delete or truncate on syncline.activity for each statement execute function syncline.refuse_change();
select syncline.confine('syncline.activity');

-- Whoever makes a change through a door is named for the length of the transaction; of what is done by itself, or on the host, the table says who.
create function syncline.actor(otherwise text) returns text language sql stable
    return coalesce(nullif(current_setting('syncline.actor', true), ''), nullif(otherwise, ''), session_user);

-- Written by the tables themselves, so that no door, command or schedule can forget it, and in the transaction that makes it so.
-- What retries by itself is nobody's doing and is left out.
create function syncline.tell_run() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id)
        values (new.organisation, new.cancel_asked_by, 'run-cancelled', new.sync, new.entity, new.record_key, new.id);
    elsif new.mode <> 'single' or new.dry_run then
        insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id, detail)
        values (new.organisation, new.requested_by,
                case when new.approves is not null then 'deletes-approved' when new.applies is not null then 'plan-applied' else 'run-requested' end,
                new.sync, new.entity, new.record_key, new.id,
                concat_ws(', ', new.mode, case when new.dry_run then 'dry run' end, case when new.repair then 'repair' end,
                          'since ' || trim(both '"' from syncline.canonical(new.since)), 'deletes that run ' || new.approves || ' held',
                          'plan of run ' || new.applies, 'asked for by ' || new.trigger));
    end if;
    return null;
end $$;
create trigger told after insert on syncline.run for each row execute function syncline.tell_run();
create trigger told_cancel after update on syncline.run for each row
    when (old.cancel_asked_by is null and new.cancel_asked_by is not null) execute function syncline.tell_run();

create function syncline.tell_record_run() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, sync, entity, key, run_id, detail)
    select r.organisation, new.requested_by, 'run-requested', r.sync, r.entity, new.key, r.id, 'record' from syncline.run r where r.id = new.run_id;
    return null;
end $$;
create trigger told after insert on syncline.run_record for each row when (new.requested_by <> 'retry') execute function syncline.tell_record_run();

create function syncline.tell_key() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, key, detail)
    values (new.organisation, case when tg_op = 'INSERT' then new.created_by else syncline.actor(null) end,
            case when tg_op = 'INSERT' then 'key-made' else 'key-revoked' end, new.name, new.role);
    return null;
end $$;
create trigger told after insert on syncline.api_key for each row execute function syncline.tell_key();
create trigger told_revoked after update on syncline.api_key for each row
    when (old.revoked_at is null and new.revoked_at is not null) execute function syncline.tell_key();

create function syncline.tell_link() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, key, detail) values (new.organisation, new.created_by, 'link-made', new.name, new.role);
    return null;
end $$;
create trigger told after insert on syncline.sign_in_link for each row execute function syncline.tell_link();

create function syncline.tell_session() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, detail)
    values (new.organisation, new.name, case when tg_op = 'INSERT' then 'signed-in' else 'signed-out' end, new.role);
    return null;
end $$;
create trigger told after insert on syncline.session for each row execute function syncline.tell_session();
create trigger told_end after update on syncline.session for each row
    when (old.ended_at is null and new.ended_at is not null) execute function syncline.tell_session();

create function syncline.tell_schedule() returns trigger language plpgsql as $$
begin
    insert into syncline.activity (organisation, actor, action, sync, detail)
    values (new.organisation, syncline.actor(new.paused_by), case when new.paused_at is null then 'schedule-resumed' else 'schedule-paused' end, new.sync,
            new.name);
    return null;
end $$;
create trigger told_pause after update on syncline.schedule for each row
    when ((old.paused_at is null) <> (new.paused_at is null)) execute function syncline.tell_schedule();

-- ---------------------------------------------------------------- what waits for a person
alter table syncline.attention
    add column closed_by    text,
    add column close_reason text,
    add constraint attention_closed_by check ((closed_by is null) = (close_reason is null) and (closed_by is null or state = 'closed'));
comment on column syncline.attention.closed_by is 'Who decided that it need not be looked at any more; null where it went through, or is gone at the source.';
create index attention_waiting on syncline.attention (organisation, first_seen_at desc) where state = 'open';
create index attention_of_row on syncline.attention (sync, entity, row_id) where state = 'open' and row_id is not null;
create index conflict_waiting on syncline.conflict (organisation, detected_at desc) where state = 'open';
