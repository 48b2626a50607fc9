-- Imports that outlive their process and forget who asked to be forgotten; messages of systems that led to nothing, found at once.

alter table syncline.import_run add column taken_over integer not null default 0;
comment on column syncline.import_run.taken_over is
    'How often its process died and another went on with it. Whoever began it earlier can write nothing any more.';
create index import_run_silent on syncline.import_run (beat_at) where state = 'running';

alter table syncline.import_file add column about jsonb not null default '[]';
comment on column syncline.import_file.about is
    'Of each problem that is kept: its line, what it named its record by, and that record''s row. Shown to nobody; by it is found what is to be erased.';

create index webhook_failed on syncline.webhook (organisation, sync, received_at) where state = 'failed';
create index webhook_of_record on syncline.webhook (organisation, sync, entity, key, id);
