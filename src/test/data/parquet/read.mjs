// Reads Parquet files with DuckDB and prints their columns, their types and their rows, so that a person or a test can see what another engine makes of them.
import { createRequire } from 'node:module';

const { DuckDBInstance } = createRequire(`${process.cwd()}/target/duckdb/`)('@duckdb/node-api');
const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run("set timezone = 'UTC'");
for (const file of process.argv.slice(2)) {
  const from = `read_parquet('${file.replaceAll("'", "''")}')`;
  const columns = (await db.runAndReadAll(`describe from ${from}`)).getRows();
  console.log(columns.map(([name, type]) => `${name} ${type}`).join(', '));
  const texts = columns.map(([name]) => `coalesce("${name}"::varchar, '∅')`).join(" || ' | ' || ");
  for (const [row] of (await db.runAndReadAll(`select ${texts} from ${from}`)).getRows()) {
    console.log(row);
  }
}
