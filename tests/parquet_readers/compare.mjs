// Reads NAME.parquet of a folder by three readers of other makers and compares
// each value with NAME.ndjson, row by row; then flips bits in data pages, which
// DuckDB and arrow-rs must refuse.
//
//   node compare.mjs FOLDER     exit code 0: all equal, damage refused
import {DuckDBInstance} from '@duckdb/node-api';
import {tableFromIPC} from 'apache-arrow';
import {asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects} from 'hyparquet';
import {compressors} from 'hyparquet-compressors';
import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {readParquet} from 'parquet-wasm';

// ---- one form for all: NDJSON's, and ip_key in hexadecimal

function timeText(micros) {
  const n = BigInt(micros);
  const rest = (n % 1000000n).toString().padStart(6, '0');
  return new Date(Number(n / 1000000n) * 1000).toISOString().slice(0, 19) +
      '.' + rest + 'Z';
}

const hex = (octets) => Buffer.from(octets).toString('hex');
const number = (n) => n === null || n === undefined ? null : Number(n);

const list = (items) => items ? [...items] : null;
const forms = {
  ip_key: hex,
  time: timeText,
  forward: (items) => items?.map(({name, outcome, addresses}) =>
      ({name, outcome, addresses: [...addresses]})) ?? null,
};
for (const name of ['flags', 'ptr', 'confirmed', 'ns', 'servers']) forms[name] = list;
for (const name of ['ttl_s', 'queries', 'rtt_us', 'ns_total', 'ns_ok',
  'serial_min', 'serial_max', 'blocks', 'depth', 'count']) forms[name] = number;

function plainRow(row) {
  return Object.fromEntries(Object.entries(row).map(
      ([name, value]) => [name, forms[name] ? forms[name](value) : value]));
}

// ip_key reckoned from the text.
function keyOf(ip) {
  if (!ip.includes(':')) {
    return '00000000000000000000ffff' + hex(ip.split('.').map(Number));
  }
  const quad = ip.match(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/);
  if (quad) {
    const [a, b, c, d] = quad.slice(1).map(Number);
    ip = ip.slice(0, quad.index) + (a * 256 + b).toString(16) + ':' +
        (c * 256 + d).toString(16);
  }
  const [head, tail] = ip.split('::').map((s) => s ? s.split(':') : []);
  const zeros = Array(8 - head.length - (tail ?? []).length).fill('0');
  return [...head, ...zeros, ...(tail ?? [])].map((g) => g.padStart(4, '0')).join('');
}

// ---- readers: a path into rows

async function* duckdb(path) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const result = await connection.stream(`select * from read_parquet('${path}')`);
  const names = result.columnNames();
  const plain = (value) => {
    if (value === null || typeof value !== 'object') return value;
    if (value.items) return value.items.map(plain);
    if (value.entries && typeof value.entries !== 'function') {
      return Object.fromEntries(
          Object.entries(value.entries).map(([k, v]) => [k, plain(v)]));
    }
    return value.bytes ?? value.micros;
  };
  for (let chunk; (chunk = await result.fetchChunk()) && chunk.rowCount > 0;) {
    for (const row of chunk.getRows()) {
      yield plainRow(Object.fromEntries(row.map((v, i) => [names[i], plain(v)])));
    }
  }
}

async function* hyparquet(path) {
  const file = await asyncBufferFromFile(path);
  const rows = await parquetReadObjects({
    file,
    compressors,
    parsers: {timestampFromMicroseconds: (micros) => micros},
  });
  for (const row of rows) yield plainRow(row);
}

async function* arrowRs(path) {
  const table = tableFromIPC(readParquet(readFileSync(path)).intoIPCStream());
  const time = table.getChild('time');
  const columns = table.schema.fields.map((f) => [f.name, table.getChild(f.name)]);
  let at = 0;
  for (const batch of time?.data ?? []) {
    for (let i = 0; i < batch.length; ++i, ++at) {
      const row = Object.fromEntries(columns.map(([n, c]) => [n, c.get(at)]));
      if (row.forward) {
        row.forward = [...row.forward].map((item) => item.toJSON());
      }
      row.time = batch.values[batch.offset + i];
      yield plainRow(row);
    }
  }
}

const readers = {duckdb, hyparquet, arrowRs};

// ---- checks

function fail(text) {
  console.error(text);
  process.exitCode = 1;
}

async function compare(stem, name, read) {
  const expected = readFileSync(stem + '.ndjson', 'utf8').split('\n').slice(0, -1);
  let count = 0;
  for await (const row of read(stem + '.parquet')) {
    const wanted = JSON.parse(expected[count] ?? '{}');
    if (wanted.ip) wanted.ip_key = keyOf(wanted.ip);
    if (!isDeepStrictEqual(row, wanted)) {
      const key = Object.keys(row).find((k) => !isDeepStrictEqual(row[k], wanted[k]));
      return fail(`${stem}: ${name}: row ${count}, ${key}: ` +
          `${JSON.stringify(row[key])}, not ${JSON.stringify(wanted[key])}`);
    }
    ++count;
  }
  if (count !== expected.length) {
    return fail(`${stem}: ${name}: ${count} rows, not ${expected.length}`);
  }
  console.log(`${stem}: ${name}: ${count} rows equal`);
}

// Reading all of it at once: DuckDB's stream ends at a fault as at the end.
async function duckdbAll(path) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.runAndReadAll(`select * from read_parquet('${path}')`);
}

// A bit flipped in the middle of each column's data pages. hyparquet's zstd
// does not look at checksums, and it knows no CRC: it is not asked.
async function damage(folder) {
  const source = folder + '/few.parquet';
  const octets = readFileSync(source);
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(source));
  const path = folder + '/damaged.parquet';
  const refusals = {duckdb: duckdbAll, arrowRs: (p) => readParquet(readFileSync(p))};
  for (const {meta_data: chunk} of metadata.row_groups[0].columns) {
    const end = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset) +
        Number(chunk.total_compressed_size);
    const damaged = Buffer.from(octets);
    damaged[Math.floor((Number(chunk.data_page_offset) + end) / 2)] ^= 1;
    writeFileSync(path, damaged);
    for (const [name, read] of Object.entries(refusals)) {
      let refused = false;
      try {
        await read(path);
      } catch {
        refused = true;
      }
      if (!refused) {
        fail(`${name} takes a flipped bit in ${chunk.path_in_schema.join('.')}`);
      }
    }
  }
}

// min_value and max_value are bounds of the column, exact or not.
async function checkPruning(folder) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = readFileSync(folder + '/hostile.ndjson', 'utf8').split('\n').slice(0, -1).map(JSON.parse);
  for (const column of ['ip', 'zone', 'label', 'expected', 'server', 'rcode']) {
    const values = rows.map((row) => row[column]).filter((v) => v !== null);
    values.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const value of [values[0], values.at(-1)]) {
      const wanted = values.filter((v) => v === value).length;
      const result = await connection.runAndReadAll(
          `select count(*) from read_parquet('${folder}/hostile.parquet') where ${column} = $1`,
          [value]);
      if (Number(result.getRows()[0][0]) !== wanted) {
        fail(`duckdb: ${column} = ${JSON.stringify(value)} is not found`);
      }
    }
  }
}

// A dataset as a whole, as OUTPUT.md 5 has it read: whole parts only, and what
// the folders' names say as columns.
async function checkDataset(folder) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const result = await connection.runAndReadAll(`
      select date = date '2026-11-25', shard, count(*), count(distinct ip),
             count(distinct filename)
      from read_parquet('${folder}/dataset/**/*.parquet',
                        hive_partitioning = true, filename = true)
      group by all order by shard`);
  const found = result.getRows().map((row) => row.map(Number));
  const wanted = [0, 1, 2].map((shard) => [1, shard, 1000, 1000, 3]);
  if (!isDeepStrictEqual(found, wanted)) {
    return fail(`duckdb: the dataset has ${JSON.stringify(found)}`);
  }
  console.log('duckdb: dataset of 3 shards equal');
}

// Rows of a scan are said to be sorted by ip_key, and are; those of `zones` come
// as they come, and nothing is said.
async function checkSorting(folder) {
  for (const [file, wanted] of [['few', [0]], ['zones', []]]) {
    const metadata = await parquetMetadataAsync(
        await asyncBufferFromFile(`${folder}/${file}.parquet`));
    const found = (metadata.row_groups[0].sorting_columns ?? []).map(
        (column) => column.column_idx);
    if (!isDeepStrictEqual(found, wanted)) {
      fail(`${file}.parquet: sorted by column ${found}, not ${wanted}`);
    }
  }
}

const folder = process.argv[2];
const names = readdirSync(folder).filter((n) => n.endsWith('.ndjson'));
for (const file of names) {
  for (const [name, read] of Object.entries(readers)) {
    await compare(`${folder}/${file.slice(0, -'.ndjson'.length)}`, name, read);
  }
}
await damage(folder);
await checkPruning(folder);
await checkSorting(folder);
await checkDataset(folder);
