-- Decisions that wait are taken in the order of their rows, so many at a time, and found without looking at those that are left for the next publish.
drop index syncline.conflict_decided;
create index conflict_decided on syncline.conflict (sync, organisation, entity, row_id) where state = 'open' and decided is not null;

-- What a decision about many makes of each field is asked of each field apart.
drop function syncline.merged(jsonb, jsonb, jsonb, jsonb);
drop function syncline.disputed(jsonb, jsonb, jsonb);
