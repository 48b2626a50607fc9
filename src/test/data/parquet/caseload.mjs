// Makes the demo's Parquet files: a caseload as SAP's data services would deliver it one day, and what changed the day after.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const { DuckDBInstance } = createRequire(`${process.cwd()}/target/duckdb/`)('@duckdb/node-api');
const demo = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../demo');
const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run("set timezone = 'UTC'");
await db.run('set threads = 1');
const pick = (n, factor, ...words) => `[${words.map(word => `'${word}'`).join(', ')}][1 + (${n} * ${factor} + ${n} // 7) % ${words.length}]`;

await db.run(`create table caseload as select printf('%010d', 700000 + n) as "CaseId",
  ${pick('n', 3, 'Refund of a levy', 'Late payment', 'Objection to an assessment', 'Change of address', 'Payment by instalments', 'Request for files')} as "Title",
  1 + n % 4 as "Priority", ${pick('n', 5, 'Open', 'Waiting', 'In progress', 'Closed')} as "Status",
  ${pick('n', 11, 'Elin', 'Joris', 'Amina', 'Tomasz', 'Léa', 'Nuno', 'Fatma', 'Søren', 'Zoë')} || ' ' ||
  ${pick('n', 13, 'Peeters', 'Janssens', 'Dubois', 'Kowalska', 'Öztürk', 'Nielsen', 'da Silva')} as "PersonName",
  {'Street': ${pick('n', 17, 'Kerkstraat', 'Stationsplein', 'Molenweg', 'Rue Haute', 'Parklaan')} || ' ' || (1 + n % 120), 'PostalCode': (1000 + n * 37 % 8999)::varchar,
   'City': ${pick('n', 19, 'Gent', 'Antwerpen', 'Namur', 'Brugge', 'Liège', 'Leuven')}} as "Address",
  date '2026-11-15' + (n % 60)::integer as "DueOn", (n * 7919 % 1000000 / 100.0)::decimal(15,2) as "ClaimAmount", 'EUR' as "Currency", n % 11 = 0 as "Urgent",
  [{'ItemNo': 10, 'Text': 'Assessment', 'Amount': (n * 31 % 90000 / 100.0)::decimal(15,2)}, {'ItemNo': 20, 'Text': 'Interest', 'Amount': (n % 700 / 100.0)::decimal(15,2)}]
    [1 : 1 + (n % 2)] as "Items",
  timestamptz '2026-10-01 07:00:00+00' + to_minutes((n * 53)::integer) as "ChangedAt"
  from range(400) as numbers(n)`);
await db.run(`copy caseload to '${demo}/caseload/caseload-2026-11-01.parquet' (format parquet, compression zstd)`);
await db.run(`copy (select * replace ('Reopened' as "Status", timestamptz '2026-11-02 06:30:00+00' as "ChangedAt") from caseload where "CaseId"::integer % 20 = 3
  union all by name
  select * replace (printf('%010d', "CaseId"::integer + 1000) as "CaseId", 'Open' as "Status", timestamptz '2026-11-02 06:45:00+00' as "ChangedAt")
  from caseload limit 30) to '${demo}/caseload-2026-11-02.parquet' (format parquet, compression zstd)`);
