-- What each field of an entity was read from, and how: a changed mapping is compared quietly, so that nobody is asked about what nobody changed.

create table syncline.mapping (
    sync   text        not null,
    entity text        not null,
    number integer     not null check (number > 0),
    fields jsonb       not null check (jsonb_typeof(fields) = 'object'),
    since  timestamptz not null default clock_timestamp(),
    primary key (sync, entity, number)
);
comment on table syncline.mapping is
    'Every mapping that was ever in force for an entity, numbered. Rows name the one that their content was read by; the fields in which it differs from the last are compared quietly.';
comment on column syncline.mapping.fields is
    'For each field what decides its value: type, where it stands in the source''s record, how it is written. In parentheses what decides key, version, change time and deletion.';
