-- Access: who may call, for which organisation, as what.

create table syncline.api_key (
    id           bigint generated always as identity primary key,
    name         text        not null check (name ~ '^[^[:cntrl:]]{1,100}$'),
    prefix       text        not null unique check (prefix ~ '^[0-9A-Za-z]{8}$'),
    hash         bytea       not null check (octet_length(hash) = 32),
    role         text        not null check (role in ('viewer', 'operator', 'reviewer', 'admin')),
    organisation text        not null check (organisation <> ''),
    created_at   timestamptz not null default clock_timestamp(),
    created_by   text        not null check (created_by <> ''),
    last_used_at timestamptz,
    revoked_at   timestamptz
);
create unique index api_key_name on syncline.api_key (organisation, name) where revoked_at is null;

comment on table syncline.api_key is 'Keys to the API. A key is shown once, when made, and stored nowhere. Setting revoked_at refuses it from then on.';
comment on column syncline.api_key.name is 'Who or what uses it; runs name it as their requester. Unique among the organisation''s keys in use.';
comment on column syncline.api_key.prefix is 'The eight characters after sln_: they find the row and tell people which key it is. They open nothing.';
comment on column syncline.api_key.hash is 'SHA-256 of the secret part: 160 random bits, so a plain hash cannot be searched.';
comment on column syncline.api_key.role is 'viewer < operator < reviewer < admin; each may do what those before it may.';
comment on column syncline.api_key.organisation is 'Nothing of another organisation is visible to it (promise 29).';
comment on column syncline.api_key.last_used_at is 'Written at most once a minute.';
