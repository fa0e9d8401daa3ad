// Maps of blocks along Hilbert's curve, and the grid of a block's addresses.

// The place of number `index` on a map of 2^order squares a side; as
// HilbertPoint() of scanner/overview.
const hilbertPoint = (index, order) => {
  let x = 0, y = 0;
  for (let level = 0; level < order; ++level) {
    const side = 2 ** level;
    const quarter = Math.floor(index / 4 ** level) % 4;
    if (quarter === 0) [x, y] = [y, x];
    if (quarter === 3) [x, y] = [side - 1 - y, side - 1 - x];
    if (quarter >= 2) x += side;
    if (quarter === 1 || quarter === 2) y += side;
  }
  return [x, y];
};

// How a square is coloured: [what is shown, status, how strong].
const MOST = 'most', WORST = 'worst';
const squareOf = (counts, mode) => {
  if (mode === WORST) {
    return [data.order.find((status) => counts[status] > 0), 1];
  }
  if (mode === MOST) {
    let most = data.order[0];
    for (const status of data.order) {
      if (counts[status] > counts[most]) most = status;
    }
    return [most, 1];
  }
  const share = counts[mode] / rowsOf(counts);
  return [+mode, share === 0 ? 0 : 0.25 + 0.75 * share];
};

// A map has at most 256 squares a side: of a wider area they are of blocks
// joined.
const MAX_ORDER = 8;

class HilbertMap {
  constructor(prefix, onChoose) {
    const area = prefixNumber(prefix);
    this.prefix = prefix;
    this.order = Math.min(MAX_ORDER, (blocks.length - area.length) / 2);
    this.length = area.length + 2 * this.order;
    this.side = 2 ** this.order;
    this.first = area.number * 4 ** this.order;
    this.onChoose = onChoose;
    this.mode = MOST;
    this.x = this.y = -1;
    // By place on the map: the number of the square's block among `length`.
    this.numbers = new Int32Array(this.side ** 2);
    for (let i = 0; i < this.side ** 2; ++i) {
      const [x, y] = hilbertPoint(i, this.order);
      this.numbers[y * this.side + x] = i;
    }
    this.counts = this.countsOfSquares();
    this.build();
  }

  // Of each square that has rows, by the number of its block in the area.
  countsOfSquares() {
    const counts = new Map();
    if (this.length === blocks.length) {
      for (let i = 0; i < this.side ** 2; ++i) {
        const block = blocks.indexes.get(this.first + i);
        if (block !== undefined) counts.set(i, blocks.countsOf(block));
      }
      return counts;
    }
    for (const [prefix, joined] of joinedBlocks(this.length)) {
      const i = prefixNumber(prefix).number - this.first;
      if (i >= 0 && i < this.side ** 2) counts.set(i, joined);
    }
    return counts;
  }

  build() {
    this.canvas = el('canvas', {
      class: 'map', tabindex: '0', role: 'application',
      'aria-label': `Map of ${this.prefix}: arrow keys move, Enter shows ` +
                    'the addresses of the block',
      onclick: (event) => this.choose(event),
      onpointermove: (event) => this.point(event),
      onpointerleave: () => this.move(-1, -1),
      onkeydown: (event) => this.press(event),
    });
    this.readout = el('output', { class: 'readout', 'aria-live': 'polite' },
                      '\u00a0');
    this.element = el('figure', { class: 'hilbert' },
                      el('figcaption', {}, this.prefix), this.canvas,
                      this.readout);
    const widest = this.side >= 128 ? 1152 : 768;
    this.canvas.style.maxWidth = `${Math.min(widest, this.side * 24)}px`;
  }

  countsAt(x, y) {
    return this.counts.get(this.numbers[y * this.side + x]);
  }

  draw() {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const pixels = Math.max(1, Math.floor(
      width * (window.devicePixelRatio || 1) / this.side));
    this.canvas.width = this.canvas.height = pixels * this.side;
    const context = this.canvas.getContext('2d');
    const style = getComputedStyle(document.documentElement);
    const colours = data.statuses.map((_, i) =>
      [style.getPropertyValue(`--s${i}`), style.getPropertyValue(`--t${i}`)]);
    const letters = pixels >= 8;
    context.font = `${Math.floor(pixels * 0.8)}px monospace`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let y = 0; y < this.side; ++y) {
      for (let x = 0; x < this.side; ++x) {
        const counts = this.countsAt(x, y);
        if (!counts) continue;
        const [status, strength] = squareOf(counts, this.mode);
        context.globalAlpha = strength;
        context.fillStyle = colours[status][0];
        context.fillRect(x * pixels, y * pixels, pixels, pixels);
        context.globalAlpha = 1;
        if (!letters || strength === 0) continue;
        context.fillStyle = colours[status][1];
        context.fillText(data.statuses[status].letter,
                         (x + 0.5) * pixels, (y + 0.5) * pixels);
      }
    }
    if (this.x < 0) return;
    context.strokeStyle = style.getPropertyValue('--fg');
    context.lineWidth = Math.max(2, pixels / 6);
    context.strokeRect(this.x * pixels, this.y * pixels, pixels, pixels);
  }

  squareUnder(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = (offset, size) => Math.min(
      this.side - 1, Math.max(0, Math.floor(offset / size * this.side)));
    return [at(event.clientX - box.left, box.width),
            at(event.clientY - box.top, box.height)];
  }

  point(event) {
    const [x, y] = this.squareUnder(event);
    if (x !== this.x || y !== this.y) this.move(x, y);
  }

  move(x, y) {
    this.x = x;
    this.y = y;
    this.draw();
    if (x < 0) {
      this.readout.textContent = '\u00a0';
      return;
    }
    const number = this.first + this.numbers[y * this.side + x];
    const counts = this.countsAt(x, y);
    this.readout.textContent = `${prefixText(number, this.length)}: ` +
      (counts ? countsText(counts) : 'no rows');
  }

  choose(event) {
    if (event) this.move(...this.squareUnder(event));
    if (this.x < 0 || this.length < blocks.length) return;
    const block = blocks.indexes.get(
      this.first + this.numbers[this.y * this.side + this.x]);
    if (block !== undefined) this.onChoose(block);
  }

  press(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1],
                    ArrowDown: [0, 1] };
    if (event.key === 'Enter' || event.key === ' ') {
      this.choose();
    } else if (steps[event.key]) {
      const [dx, dy] = steps[event.key];
      const clamp = (value) => Math.min(this.side - 1, Math.max(0, value));
      this.move(clamp(Math.max(0, this.x) + dx), clamp(Math.max(0, this.y) + dy));
    } else {
      return;
    }
    event.preventDefault();
  }
}

// The 256 addresses of a block, a cell each.
const blockGrid = (block) => {
  const prefix = addressText(blocks.numbers[block], blocks.length);
  const network = prefix.slice(0, prefix.lastIndexOf('.'));
  const body = el('tbody');
  for (let row = 0; row < 16; ++row) {
    const line = el('tr', {}, el('th', { scope: 'row' }, `.${row * 16}`));
    for (let column = 0; column < 16; ++column) {
      const octet = row * 16 + column;
      const status = blocks.statusAt(block, octet);
      const words = status < 0 ? 'no row' : data.statuses[status].name;
      line.append(el('td', { class: status < 0 ? 'none' : `s${status}`,
                             title: `${network}.${octet}: ${words}` },
                     status < 0 ? '' : data.statuses[status].letter));
    }
    body.append(line);
  }
  const heads = Array.from({ length: 16 }, (_, column) =>
    el('th', { scope: 'col' }, `+${column}`));
  return el('table', { class: 'grid' },
            el('caption', {}, `${blocks.prefixOf(block)}: ` +
                              countsText(blocks.countsOf(block))),
            el('thead', {}, el('tr', {}, el('td'), ...heads)), body);
};
