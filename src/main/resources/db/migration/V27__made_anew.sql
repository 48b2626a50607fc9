-- A record that its system deleted, and that is kept here, is made anew there under another key.

alter table syncline.push add column former_key text, add check (former_key is null or action = 'create');
create index push_formerly on syncline.push (sync, entity, row_id) where former_key is not null;
comment on column syncline.push.former_key is
    'Of a record that is made anew, because the system deleted it and nothing brings it back: the key that it had there. Once it is made, those that lead to it are given its new key.';
