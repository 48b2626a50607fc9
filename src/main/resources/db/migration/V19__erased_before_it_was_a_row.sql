-- A record that never became a row, because it was rejected or waited for another, is erased by its key: what was set aside of it goes.
alter table syncline.removal
    drop constraint removal_check,
    add constraint removal_check check ((kind = 'erased') = (row_id is not null or key is not null));
comment on column syncline.removal.row_id is 'Of what was erased; null where the key names a record that never became a row.';
