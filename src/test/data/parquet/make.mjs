// Makes the Parquet files beside it with DuckDB, an engine that shares no code with ours. README.md says how.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const { DuckDBInstance } = createRequire(`${process.cwd()}/target/duckdb/`)('@duckdb/node-api');
process.chdir(dirname(fileURLToPath(import.meta.url)));
const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run("set timezone = 'UTC'");
await db.run('set threads = 1');
const write = (name, query, options = '') => db.run(`copy (${query}) to '${name}.parquet' (format parquet${options})`);

await db.run("create type stage as enum ('open', 'closed')");
await db.run(`
  create table kinds (id varchar, dec9 decimal(9,2), dec18 decimal(18,6), dec38 decimal(38,10), i8 tinyint, i16 smallint, i32 integer, i64 bigint,
    u8 utinyint, u16 usmallint, u32 uinteger, u64 ubigint, f32 float, f64 double, truth boolean, name varchar, bytes blob, day date, clock time,
    at_ms timestamp_ms, at_us timestamp, at_ns timestamp_ns, at_utc timestamptz, code uuid, stage stage, doc json, span interval,
    tags varchar[], grid integer[][], place struct(city varchar, geo struct(lat decimal(9,6), lon decimal(9,6))), notes map(varchar, integer),
    lines struct(sku varchar, qty decimal(9,3))[])`);
await db.run(`
  insert into kinds values
  ('typical', 12.50, 123456.654321, 12345678901234567890.0123456789, -1, -300, -70000, 9007199254740993, 200, 60000, 4000000000, 18446744073709551615, 0.1, 0.1, true,
    'Grüße 😀', '\\x00\\xFF'::blob, '2026-02-28', '13:45:06.789012', '2026-01-31 10:15:30.123', '2026-01-31 10:15:30.123456', '2026-01-31 10:15:30.123456789',
    '2026-01-31 10:15:30.123456+02:00', '123e4567-e89b-12d3-a456-426614174000', 'open', '{"b":[1,2.50,null],"a":{"deep":true}}', interval '14 months 3 days 4.5 seconds',
    ['a', null, 'c'], [[1, 2], [], null, [3]], {'city': 'Gent', 'geo': {'lat': 51.053820, 'lon': 3.722270}}, map {'one': 1, 'none': null},
    [{'sku': 'X-1', 'qty': 1.500}, {'sku': null, 'qty': null}]),
  ('least', -9999999.99, -999999999999.999999, -9999999999999999999999999999.9999999999, -128, -32768, -2147483648, -9223372036854775808, 0, 0, 0, 0, '-inf'::float, 'nan'::double,
    false, '', ''::blob, '0001-01-01', '00:00:00', '1969-12-31 23:59:59.999', '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999999',
    '1969-12-31 23:59:59.999999+00', '00000000-0000-0000-0000-000000000000', 'closed', 'null', interval '0 seconds', [], [], {'city': null, 'geo': null}, map {}, []),
  ('none', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
    null, null, null, null, null)`);
await write('kinds', 'from kinds');

const cases = count => `select printf('50%08d', range) as "CASE", 'Case ' || range as "TITLE", (range * 37 % 100000 / 100.0)::decimal(15,2) as "AMOUNT",
  timestamptz '2026-11-01 08:00:00+00' + to_minutes(range::integer) as "CHANGED_AT" from range(${count})`;
for (const packing of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']) {
  await write(`packed-${packing}`, cases(300), `, compression ${packing}`);
}
await write('pages-v2', cases(300), ', compression zstd, parquet_version v2');
await write('groups', cases(10000), ', compression zstd, row_group_size 2048');
await db.run("set force_mbedtls_unsafe = 'true'");
await db.run("pragma add_parquet_key('key', '0123456789112345')");
await write('encrypted', cases(10), ", encryption_config {footer_key: 'key'}");
