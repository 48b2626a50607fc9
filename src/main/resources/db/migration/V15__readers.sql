-- Of readers, which roles are ours to drop.
alter table syncline.reader add column made oid;
comment on column syncline.reader.made is
    'The role of this name that Syncline made, which is dropped with the reader; null where somebody else made it, and another one where it was made anew since.';

-- Roles made before this was noted are known by what only they begin with.
update syncline.reader e set made = r.oid from pg_roles r
where r.rolname = e.role and r.rolcanlogin and not r.rolinherit and r.rolconnlimit = 20
  and exists (select from pg_db_role_setting s where s.setrole = r.oid and s.setdatabase = 0 and s.setconfig
              @> array['default_transaction_read_only=on', 'statement_timeout=10min', 'idle_in_transaction_session_timeout=5min']);
