-- Access: sessions of browsers, one-time links, and roles of people who read by SQL.

create table syncline.session (
    id           bigint generated always as identity primary key,
    hash         bytea       not null unique check (octet_length(hash) = 32),
    name         text        not null,
    organisation text        not null check (organisation <> ''),
    role         text        not null check (role in ('viewer', 'operator', 'reviewer', 'admin')),
    key_id       bigint      references syncline.api_key on delete cascade,
    idle         interval    not null,
    created_at   timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    ends_at      timestamptz not null,
    ended_at     timestamptz
);
create index session_of_key on syncline.session (key_id) where key_id is not null;
create index session_end on syncline.session (ends_at);
comment on table syncline.session is 'Browsers that are signed in. What their cookie holds is stored nowhere. A session ends at once when its key is revoked.';
comment on column syncline.session.hash is 'SHA-256 of what the cookie holds: 160 random bits.';
comment on column syncline.session.key_id is 'The key that it came of, directly or by a link; null where a token of an identity provider, or the owner of the host, stands behind it.';
comment on column syncline.session.last_seen_at is 'Written at most once a minute.';

create table syncline.sign_in_link (
    id           bigint generated always as identity primary key,
    hash         bytea       not null unique check (octet_length(hash) = 32),
    name         text        not null check (name ~ '^[^[:cntrl:]]{1,100}$'),
    organisation text        not null check (organisation <> ''),
    role         text        not null check (role in ('viewer', 'operator', 'reviewer', 'admin')),
    key_id       bigint      references syncline.api_key on delete cascade,
    created_by   text        not null check (created_by <> ''),
    created_at   timestamptz not null default clock_timestamp(),
    expires_at   timestamptz not null,
    used_at      timestamptz
);
create index sign_in_link_of_key on syncline.sign_in_link (key_id) where key_id is not null;
comment on table syncline.sign_in_link is 'Links that open one session each, once.';

-- ---------------------------------------------------------------- people who read by SQL
-- A role sees the organisation that it is entered with here and nothing else; a role that is not entered sees no row. Whoever owns the tables, which is the
-- engine itself, is not asked.
create table syncline.reader (
    role         name        primary key,
    organisation text        not null check (organisation <> ''),
    created_at   timestamptz not null default clock_timestamp(),
    created_by   text        not null default session_user check (created_by <> '')
);
comment on table syncline.reader is
    'Database roles confined to one organisation. A role that may edit entity tables is entered here as well: row-level security shows the rows of its organisation only.';

alter table syncline.reader enable row level security;
create policy itself on syncline.reader for select using (role = current_user);

create function syncline.my_organisation() returns text language sql stable parallel safe
    return (select organisation from syncline.reader where role = current_user);
comment on function syncline.my_organisation is 'The organisation that the current role is confined to; null where it is entered with none.';

-- What a table shows to whoever does not own it: rows of the caller's organisation. Idempotent, so that it can be called for a table at every start.
create function syncline.confine(of_table regclass, organisation_column name default 'organisation') returns void language plpgsql as $$
begin
    if not exists (select from pg_policy where polrelid = of_table and polname = 'own_organisation') then
        execute format('create policy own_organisation on %s using (%I = (select syncline.my_organisation()))', of_table, organisation_column);
    end if;
    execute format('alter table %s enable row level security', of_table);
end $$;

select syncline.confine(of_table) from unnest(array['syncline.run', 'syncline.snapshot', 'syncline.local_edit', 'syncline.conflict', 'syncline.attention',
    'syncline.watermark', 'syncline.lease', 'syncline.api_key', 'syncline.session', 'syncline.sign_in_link']::regclass[]) as tables (of_table);

create policy own_run on syncline.run_entity using (exists (select from syncline.run r where r.id = run_id));
create policy own_run on syncline.run_page using (exists (select from syncline.run r where r.id = run_id));
create policy own_run on syncline.run_record using (exists (select from syncline.run r where r.id = run_id));
create policy own_run on syncline.approval using (exists (select from syncline.run r where r.id = run_id));
alter table syncline.run_entity enable row level security;
alter table syncline.run_page enable row level security;
alter table syncline.run_record enable row level security;
alter table syncline.approval enable row level security;

-- Lets a role read what people may see. Keys, sessions, links and staged plans are nobody's to read, whatever organisation they are of.
create function syncline.let_read(reader name) returns void language plpgsql as $$
declare
    of_sync  text;
    readable text;
begin
    execute format('grant usage on schema syncline to %I', reader);
    execute format('grant select on syncline.run, syncline.run_entity, syncline.run_record, syncline.snapshot, syncline.local_edit, syncline.conflict,'
                   ' syncline.attention, syncline.watermark, syncline.entity, syncline.mapping, syncline.reader to %I', reader);
    for of_sync in select distinct sync from syncline.entity loop
        execute format('grant usage on schema %I to %I', of_sync, reader);
    end loop;
    for of_sync, readable in
        select e.sync, e.entity || ending from syncline.entity e, unnest(array['', '_history', '_live']) as endings (ending)
        where to_regclass(format('%I.%I', e.sync, e.entity || ending)) is not null
    loop
        execute format('grant select on %I.%I to %I', of_sync, readable, reader);
    end loop;
end $$;

create function syncline.stop_reading(reader name) returns void language plpgsql as $$
declare
    of_schema text;
begin
    for of_schema in select 'syncline' union select distinct sync from syncline.entity loop
        execute format('revoke all on all tables in schema %I from %I', of_schema, reader);
        execute format('revoke all on schema %I from %I', of_schema, reader);
    end loop;
end $$;
