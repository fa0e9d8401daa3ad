// The data of the page, as report_json.cc writes it:
//   head       version, files, profile, made, first, last, twice
//   statuses   by number: name, letter, words, actor
//   order      numbers of statuses, what is wrong first
//   total      counts: by status, by severity (ok to crit), unknown
//   actors     [name, words, counts]
//   v4         length, count, cells, grids, maps: see Blocks below
//   v6         count, rows of [prefix, counts]
//   problems   status, cause, severity, actor, zone, rows, where, fix, examples
//   zones      [name, counts, verdict, flags, where]
//   labels     [label, counts]; not_scanned [target, label]
//   flags      [name, words, rows, examples]
//   classless  [range, zone, rows, holes, dangling, verdict]
//   findings   [prefix, kind, zone, count, example, servers, detail, fix]
//   tickets    zone, actor, where, addresses, text
//   counts     how many there are of what is cut
const data = JSON.parse(document.getElementById('data').textContent);

const STATUSES = data.statuses.length;
const SEVERITIES = ['ok', 'info', 'warn', 'crit'];
const OK = STATUSES, WARN = STATUSES + 2, CRIT = STATUSES + 3;
const UNKNOWN = STATUSES + 4;
const COUNTS = STATUSES + 5;  // of one thing

const rowsOf = (counts) => {
  let rows = 0;
  for (let i = 0; i < STATUSES; ++i) rows += counts[i];
  return rows;
};

const octetsOf = (base64) =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

// IPv4 blocks of one length. Of block i: its number (address divided by its
// size), and counts at i * COUNTS; perhaps the status of each of its addresses.
class Blocks {
  constructor(v4) {
    this.length = v4.length;
    this.count = v4.count;
    this.numbers = new Uint32Array(v4.count);
    this.counts = new Uint32Array(v4.count * COUNTS);
    this.grids = octetsOf(v4.grids);
    this.indexes = new Map();
    this.read(octetsOf(v4.cells));
  }

  // Numbers of seven bits an octet, the lowest first.
  read(octets) {
    let at = 0;
    const number = () => {
      let value = 0;
      for (let shift = 1;; shift *= 128) {
        const octet = octets[at++];
        value += (octet & 127) * shift;
        if (octet < 128) return value;
      }
    };
    let next = 0;
    for (let i = 0; i < this.count; ++i) {
      this.numbers[i] = next + number();
      next = this.numbers[i] + 1;
      this.indexes.set(this.numbers[i], i);
      const present = number();
      for (let j = 0; j < COUNTS; ++j) {
        if (present >> j & 1) this.counts[i * COUNTS + j] = number();
      }
    }
  }

  countsOf(i) {
    return this.counts.subarray(i * COUNTS, (i + 1) * COUNTS);
  }

  prefixOf(i) {
    return prefixText(this.numbers[i], this.length);
  }

  hasGrids() {
    return this.grids.length > 0;
  }

  // The status of an address of block i; -1: it has no row.
  statusAt(i, octet) {
    const pair = this.grids[i * 128 + (octet >> 1)];
    return (octet % 2 === 0 ? pair & 15 : pair >> 4) - 1;
  }
}

// The address of block `number` of that length, as text.
const addressText = (number, length) => {
  const first = number * 2 ** (32 - length);
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256)
    .join('.');
};

const prefixText = (number, length) =>
  `${addressText(number, length)}/${length}`;

// The number of a prefix among those of its length.
const prefixNumber = (text) => {
  const [address, length] = text.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + +part, 0);
  return { number: first / 2 ** (32 - length), length: +length };
};

const blocks = new Blocks(data.v4);

// The blocks joined by shorter prefixes: [prefix, counts].
const joinedBlocks = (length) => {
  const size = 2 ** (blocks.length - length);
  const rows = [];
  let last = -1;
  for (let i = 0; i < blocks.count; ++i) {
    const number = Math.floor(blocks.numbers[i] / size);
    if (number !== last) {
      rows.push([prefixText(number, length), new Array(COUNTS).fill(0)]);
    }
    last = number;
    const counts = rows[rows.length - 1][1];
    const own = blocks.countsOf(i);
    for (let j = 0; j < COUNTS; ++j) counts[j] += own[j];
  }
  return rows;
};
