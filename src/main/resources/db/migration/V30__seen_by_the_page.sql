-- What a run found at the source is one list of row numbers for each page, with the page; it was a row and an index entry for each record.
-- A process of the version before that still stages a page is waited for, and its next page fails as a whole: nothing of it is kept, so nothing is missed.
lock table syncline_staging.page, syncline_staging.seen in access exclusive mode;

alter table syncline_staging.page add column seen bigint[] not null default '{}';
-- Numbers of rows are read from end to end and never searched: nothing is won by squeezing them, and nothing by knowing the most frequent ones.
alter table syncline_staging.page alter column seen set storage external;
alter table syncline_staging.page alter column seen set statistics 0;
comment on column syncline_staging.page.seen is 'The rows that the page found at the source. What all pages of a complete run did not find is absent.';

-- A run that is under way goes on behind its last page, with all that it saw before.
update syncline_staging.page p set seen = s.rows
from (select n.run_id, n.entity, n.page, array_agg(n.row_id) as rows from syncline_staging.seen n group by n.run_id, n.entity, n.page) s
where p.run_id = s.run_id and p.entity = s.entity and p.number = s.page;

-- A comparison asks of each page which of its rows an earlier page has shown, so it alone keeps them row by row.
delete from syncline_staging.seen n where not exists (select from syncline.run r where r.id = n.run_id and r.mode = 'verify');
alter table syncline_staging.seen rename to compared;
alter index syncline_staging.seen_row rename to compared_row;
comment on table syncline_staging.compared is 'The rows that a comparison was shown by the source, until it has ended.';
