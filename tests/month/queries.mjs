// Runs every query of tools/MONTH.md on the month of write_month.cc and compares
// the rows with those worked out by hand.
//
//   node queries.mjs FOLDER MONTH.md     exit code 0: all equal
import {DuckDBInstance} from '@duckdb/node-api';
import {readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';

const days = (first, last) => Array.from(
    {length: last - first + 1}, (_, i) => first + i).filter((d) => d !== 29);
const date = (day) => `2026-11-${String(day).padStart(2, '0')}`;

// Without PTR, mismatch, silent on a day; the rest of the 64 passes.
function counts(day) {
  const none = 1 + (day >= 10) + (day >= 20 && day < 25) + (day >= 16);
  const other = (day >= 5) + (day === 3 || day === 5 || day === 7);
  const silent = (day >= 12 && day <= 14) + (day === 15);
  return {none, other, silent, pass: 64 - none - other - silent};
}

// By how the query's block begins. Rows of text, columns in order.
const expected = {
  'The nights that are whole.': [],
  'The nights that could tell,': [],
  'Addresses by status, night': days(1, 30).map((day) => {
    const {none, other, silent, pass} = counts(day);
    return [date(day), other, none, pass, silent];
  }),
  'New problems over time:': [
    [date(3), 'mismatch', 1, '192.0.2.61'],
    [date(5), 'mismatch', 2, '192.0.2.30 192.0.2.61'],
    [date(7), 'mismatch', 1, '192.0.2.61'],
    [date(10), 'no_ptr', 1, '192.0.2.7'],
    [date(16), 'no_ptr', 1, '192.0.2.42'],
    [date(20), 'no_ptr', 1, '192.0.2.21'],
  ],
  'And what was repaired.': [
    [date(4), 'mismatch', 1], [date(6), 'mismatch', 1],
    [date(8), 'mismatch', 1], [date(25), 'no_ptr', 1],
  ],
  'Addresses that lost their PTR': [
    ['192.0.2.7', date(10), 'host-7.example.com', true],
    ['192.0.2.21', date(20), 'host-21.example.com', false],
    ['192.0.2.42', date(16), 'host-42.example.com', true],
  ],
  'Open problems, and since': [
    ['192.0.2.60', 'no_ptr', date(1), 30],
    ['192.0.2.30', 'mismatch', date(5), 26],
    ['192.0.2.7', 'no_ptr', date(10), 21],
    ['192.0.2.42', 'no_ptr', date(16), 15],
  ],
  'Names that changed': [
    [date(18), '192.0.2.50', 'host-50.example.com', 'web.example.com'],
  ],
  'Addresses that come and go': [['192.0.2.61', 6]],
  'Trend per label': trend(),
  'Labels by what is open now': [
    ['-', 24, 2, 0], ['alpha', 20, 1, 0], ['beta', 20, 0, 1],
  ],
  'Nights in which a zone': days(12, 15).map(
      (day) => [date(day), '2.0.192.in-addr.arpa', 1, 64]),
};

// A week is that of its Monday; the month begins on a Sunday.
function trend() {
  const weeks = [[date(1), 1, 1], [date(2), 2, 8], [date(9), 9, 15],
    [date(16), 16, 22], [date(23), 23, 29], [date(30), 30, 30]];
  weeks[0][0] = '2026-10-26';
  const problems = {  // days on which an address of the label does not pass
    '-': (day) => 1 + (day >= 16) + (day === 3 || day === 5 || day === 7),
    'alpha': (day) => +(day >= 10),
    'beta': (day) => (day >= 5) + (day >= 20 && day < 25),
  };
  const unknown = (label, day) =>
    label === '-' ? (day >= 12 && day <= 14) + (day === 15) : 0;
  const size = {'-': 24, 'alpha': 20, 'beta': 20};
  return Object.keys(size).flatMap((label) => weeks.map(([week, first, last]) => {
    let pass = 0, all = 0;
    for (const day of days(first, last)) {
      const told = size[label] - unknown(label, day);
      pass += told - problems[label](day);
      all += told;
    }
    return [label, week, Math.round(1000 * pass / all) / 10];
  }));
}

function blocksOf(page) {
  return [...readFileSync(page, 'utf8').matchAll(/(?:^    .*\n|^\n(?=    ))+/gm)]
      .map(([block]) => block.replace(/^    /gm, '').trim());
}

const plain = (value) => typeof value === 'bigint' ? Number(value) :
  value !== null && typeof value === 'object' ? String(value) : value;

let failures = 0;
function complain(what) {
  console.error(what);
  ++failures;
}

const [folder, page] = process.argv.slice(2);
process.chdir(folder);
await import('node:fs').then(({symlinkSync}) => symlinkSync('.', 'scans'));
const connection = await (await DuckDBInstance.create()).connect();
const unused = new Set(Object.keys(expected));
for (const block of blocksOf(page).flatMap((text) => text.split(/\n\n/))) {
  const begin = Object.keys(expected).find((key) => block.startsWith(`-- ${key}`));
  if (!begin) {
    complain(`no expectation for:\n${block}`);
    continue;
  }
  unused.delete(begin);
  const reader = await connection.runAndReadAll(block);
  const rows = reader.getRows().map((row) => row.map(plain));
  const wanted = expected[begin];
  if (wanted.length !== 0 && !isDeepStrictEqual(rows, wanted)) {
    complain(`${begin}: ${JSON.stringify(rows)}\nexpected ${JSON.stringify(wanted)}`);
  }
}
for (const begin of unused) complain(`${page} has no query "${begin}"`);
if (failures === 0) console.log('ok');
process.exit(failures === 0 ? 0 : 1);
