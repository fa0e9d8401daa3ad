// Tables that are sorted, searched and shown a part at a time: an element for
// each row that is seen, not for each there is.
const PAGE = 25;

class DataTable {
  // columns: {name, value(row) to sort by, cell(row) to show (else the value),
  // number}. `options`: label, rows, total (how many there are if rows are
  // cut), search(row) the text to look in, sort {column, down}, filters:
  // [{label, choices [[value, text]], matches(row, value)}].
  constructor(columns, options) {
    this.columns = columns;
    this.options = options;
    this.sort = options.sort;
    this.shown = PAGE;
    this.query = '';
    this.chosen = (options.filters || []).map(() => '');
    this.build();
    this.update();
  }

  build() {
    this.heads = this.columns.map((column, i) => {
      const button = el('button', { type: 'button', onclick: () => this.by(i) },
                        column.name);
      return el('th', { scope: 'col', class: column.number ? 'number' : '' },
                button);
    });
    this.body = el('tbody');
    this.more = el('button', { type: 'button', class: 'more', onclick: () => {
      this.shown += this.shown < 100 ? 75 : 400;
      this.update();
    } });
    this.note = el('p', { class: 'note', role: 'status' });
    const table = el('table', { class: 'data' },
                     el('caption', { class: 'hidden' }, this.options.label),
                     el('thead', {}, el('tr', {}, ...this.heads)), this.body);
    this.element = el('div', { class: 'table' }, this.controls(),
                      scrolling(this.options.label, table), this.note,
                      this.more);
  }

  controls() {
    const controls = el('div', { class: 'controls' });
    (this.options.filters || []).forEach((filter, i) => {
      const select = el('select', { onchange: () => {
        this.choose(i, select.value);
      } }, el('option', { value: '' }, 'all'));
      for (const [value, text] of filter.choices) {
        select.append(el('option', { value }, text));
      }
      filter.select = select;
      controls.append(el('label', {}, filter.label, ' ', select));
    });
    if (this.options.search) {
      const input = el('input', { type: 'search', oninput: () => {
        this.query = input.value.toLowerCase();
        this.shown = PAGE;
        this.update();
      } });
      controls.append(el('label', {}, 'Search ', input));
    }
    this.controlled = controls;
    return controls;
  }

  // Few rows need none, unless one of them is in use.
  needsControls() {
    return this.options.rows.length > 5 || this.query !== '' ||
      this.chosen.some((value) => value !== '');
  }

  choose(filter, value) {
    this.chosen[filter] = value;
    const { select } = this.options.filters[filter];
    if (select) select.value = value;
    this.shown = PAGE;
    this.update();
  }

  setRows(rows) {
    this.options.rows = rows;
    this.shown = PAGE;
    this.update();
  }

  by(column) {
    const down = this.sort && this.sort.column === column
      ? !this.sort.down : Boolean(this.columns[column].number);
    this.sort = { column, down };
    this.update();
  }

  matching() {
    const { rows, filters = [], search } = this.options;
    const matching = rows.filter((row) =>
      filters.every((filter, i) =>
        this.chosen[i] === '' || filter.matches(row, this.chosen[i])) &&
      (this.query === '' || search(row).toLowerCase().includes(this.query)));
    if (!this.sort) return matching;
    const { value } = this.columns[this.sort.column];
    const sign = this.sort.down ? -1 : 1;
    return matching.map((row) => [value(row), row]).sort(([a], [b]) =>
      a < b ? -sign : a > b ? sign : 0).map(([, row]) => row);
  }

  update() {
    this.heads.forEach((head, i) => {
      const sorted = this.sort && this.sort.column === i;
      head.setAttribute('aria-sort', !sorted ? 'none' : this.sort.down
        ? 'descending' : 'ascending');
    });
    this.controlled.hidden = !this.needsControls();
    const matching = this.matching();
    this.body.replaceChildren(...matching.slice(0, this.shown).map((row) =>
      el('tr', {}, ...this.columns.map((column) => this.cell(column, row)))));
    const left = matching.length - Math.min(this.shown, matching.length);
    this.more.hidden = left === 0;
    this.more.textContent = `Show more (${commas(left)} left)`;
    this.note.textContent = this.noteText(matching.length);
    this.note.hidden = this.note.textContent === '';
  }

  noteText(matching) {
    const { rows, total } = this.options;
    const all = total === undefined ? rows.length : total;
    const parts = [];
    if (matching !== rows.length) {
      parts.push(`${commas(matching)} of ${commas(rows.length)} match.`);
    }
    if (all > rows.length) {
      parts.push(`The first ${commas(rows.length)} of ${commas(all)}.`);
    }
    return parts.join(' ');
  }

  cell(column, row) {
    const content = column.cell ? column.cell(row) : column.value(row);
    const shown = typeof content === 'number' ? commas(content) : content;
    return el('td', { class: column.number ? 'number' : column.kind || '' },
              shown);
  }
}

// Columns of what has counts at row[1].
const countColumns = () => [
  { name: 'Rows', number: true, value: (row) => rowsOf(row[1]) },
  { name: 'crit', number: true, value: (row) => row[1][CRIT] },
  { name: 'warn', number: true, value: (row) => row[1][WARN] },
  { name: 'Statuses', kind: 'counts',
    value: (row) => 1 - row[1][OK] / rowsOf(row[1]),
    cell: (row) => el('div', {}, statusBar(row[1]),
                      el('span', { class: 'small' }, countsText(row[1]))) },
];
const textColumn = (name, at, kind = 'name') =>
  ({ name, kind, value: (row) => row[at] });
