-- What a source gave with the last page of a read to tell later changes from, beside the mark of that read. It stands apart from the marks because readers
-- see those: a cursor may be a key to the source's data, and is nobody's to read.

create table syncline.cursor (
    sync         text        not null,
    organisation text        not null,
    entity       text        not null,
    side         text        not null,
    cursor       text        not null,
    mark         timestamptz not null,
    run_id       bigint      not null references syncline.run,
    primary key (sync, organisation, entity, side),
    foreign key (sync, organisation, entity, side) references syncline.watermark on delete cascade
);
select syncline.confine('syncline.cursor');
comment on table syncline.cursor is
    'Where a source goes on telling changes: kept with the mark of the same read, in the publish. Of no use once the mark was set back behind it.';

alter table syncline.run_entity add column by_cursor boolean not null default false;
comment on column syncline.run_entity.by_cursor is 'What changed since the kept cursor was asked for, not what changed since the mark.';
