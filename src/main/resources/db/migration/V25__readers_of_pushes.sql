-- Whoever may look at edits and conflicts may look at what became of them: the outbox, and what people decided.
alter function syncline.let_read(name) rename to let_read_before_pushes;

create function syncline.let_read(reader name) returns void language plpgsql as $$
begin
    perform syncline.let_read_before_pushes(reader);
    execute format('grant select on syncline.push, syncline.push_bar, syncline.resolution to %I', reader);
end $$;
comment on function syncline.let_read is 'Lets a role read what people may see. Keys, sessions, links, staged plans and webhooks as they came are nobody''s to read.';
select syncline.let_read(role) from syncline.reader;
