// `duckdb -c SQL` of the pages: DuckDB itself, which npm has as a library.
import {DuckDBInstance} from '@duckdb/node-api';

const [flag, sql] = process.argv.slice(2);
if (flag !== '-c' || !sql) {
  console.error('usage: duckdb -c SQL');
  process.exit(2);
}
const connection = await (await DuckDBInstance.create()).connect();
const reader = await connection.runAndReadAll(sql);
console.log(reader.columnNames().join('|'));
for (const row of reader.getRows()) console.log(row.join('|'));
process.exit(0);
