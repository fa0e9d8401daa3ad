// The sections of the page; null for one that has nothing to say.
const ACTOR_WORDS = new Map(data.actors.map(([name, words]) => [name, words]));
const allRows = rowsOf(data.total);

const timeText = (time) => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;

const headSection = () => {
  const { files, profile, version, made, first, last, twice } = data.head;
  const lines = [`${commas(allRows)} rows of ${files.join(', ')}`];
  if (first) lines.push(`asked from ${timeText(first)} to ${timeText(last)}`);
  lines.push(`profile ${profile}`, `made ${timeText(made)}`,
             `ptrsweep ${version}`);
  const head = el('header', {}, el('h1', {}, 'Reverse DNS report'),
                  el('p', { class: 'note' }, lines.join(' \u00b7 ')));
  if (twice) {
    head.append(el('p', { class: 'alert' },
                   `${twice} has more than one row: counts are of rows, not ` +
                   'of addresses.'));
  }
  return head;
};

const summarySection = () => {
  const tiles = el('ul', { class: 'tiles' });
  for (const severity of ['crit', 'warn', 'info', 'ok']) {
    const count = data.total[OK + SEVERITIES.indexOf(severity)];
    tiles.append(el('li', { class: `tile ${severity}` }, severityMark(severity),
                    el('b', {}, commas(count)),
                    el('span', {}, shareText(count, allRows))));
  }
  const body = el('tbody');
  for (const status of data.order) {
    const { name, words, actor } = data.statuses[status];
    const count = data.total[status];
    if (count === 0) continue;
    body.append(el('tr', {},
      el('th', { scope: 'row' }, statusName(status)),
      el('td', { class: 'number' }, commas(count)),
      el('td', { class: 'number' }, shareText(count, allRows)),
      el('td', { class: 'line' }, words),
      el('td', { class: 'line' }, ACTOR_WORDS.get(actor))));
  }
  const foot = el('tfoot', {}, el('tr', {}, el('th', { scope: 'row' }, 'all'),
    el('td', { class: 'number' }, commas(allRows)),
    el('td', { class: 'number' }, '100 %'), el('td'), el('td')));
  const heads = ['Status', 'Rows', 'Share', 'Meaning', 'Who acts'].map(
    (name, i) => el('th', { scope: 'col',
                            class: i === 1 || i === 2 ? 'number' : '' }, name));
  const table = el('table', { class: 'data' },
    el('caption', { class: 'hidden' }, 'Rows by status'),
    el('thead', {}, el('tr', {}, ...heads)), body, foot);
  const unknown = data.total[UNKNOWN];
  return section('summary', 'Summary', tiles, statusBar(data.total),
    scrolling('Rows by status', table),
    el('p', { class: 'note' }, `Unknown (no definite answer): ` +
       `${commas(unknown)} rows, ${shareText(unknown, allRows)}.`));
};

const legend = () => el('ul', { class: 'legend', 'aria-label': 'Legend' },
  ...data.order.filter((status) => data.total[status] > 0)
    .map((status) => el('li', {}, statusName(status))));

// Up to so many blocks are shown address by address at once.
const FEW_BLOCKS = 4;

const gridsSection = () => {
  const grids = el('div', { class: 'grids' });
  for (let i = 0; i < blocks.count; ++i) {
    grids.append(scrolling(`Addresses of ${blocks.prefixOf(i)}`, blockGrid(i)));
  }
  return section('map', 'Address by address', legend(), grids);
};

const mapSection = () => {
  if (blocks.count === 0) return null;
  if (blocks.count <= FEW_BLOCKS && blocks.hasGrids()) return gridsSection();
  const chosen = el('div', { class: 'chosen' });
  const show = (block) => {
    if (!blocks.hasGrids()) return;
    chosen.replaceChildren(scrolling(`Addresses of ${blocks.prefixOf(block)}`,
                                     blockGrid(block)));
    chosen.scrollIntoView({ block: 'nearest' });
  };
  const maps = data.v4.maps.map((prefix) => new HilbertMap(prefix, show));
  const draw = () => maps.forEach((map) => map.draw());
  const select = el('select', { onchange: () => {
    maps.forEach((map) => { map.mode = select.value; });
    draw();
  } }, el('option', { value: MOST }, 'status of the most rows'),
       el('option', { value: WORST }, 'worst status'));
  for (const status of data.order) {
    if (data.total[status] === 0) continue;
    select.append(el('option', { value: status },
                     `share of ${data.statuses[status].name}`));
  }
  new ResizeObserver(draw).observe(maps[0].canvas);
  window.matchMedia('(prefers-color-scheme: dark)')
    .addEventListener('change', draw);
  const lengths = [...new Set(maps.map((map) => `/${map.length}`))];
  const size = `A square is a ${lengths.join(' or ')}. Neighbours in number are ` +
    'neighbours on the map (Hilbert curve), and every prefix of even length ' +
    'is a square. ' + (blocks.hasGrids()
      ? 'Choose one, by mouse or by arrow keys and Enter, to see its addresses. '
      : '') + 'Where squares are too small for letters, colour them by the ' +
    'share of one status.';
  return section('map', 'Map', el('p', { class: 'note' }, size),
    el('div', { class: 'controls' }, el('label', {}, 'Colour ', select)),
    legend(), el('div', { class: 'maps' },
                 ...maps.map((map) => map.element)), chosen);
};

const problemDetails = (problem) => {
  const details = el('details', {}, el('summary', {}, problem.zone));
  const list = el('dl');
  const add = (name, text) => {
    if (text) list.append(el('dt', {}, name), el('dd', {}, text));
  };
  add('Fix', problem.fix);
  add('Where', problem.where);
  add('For example', problem.examples.join('\n'));
  details.append(list);
  return details;
};

const problemsTable = () => new DataTable([
  { name: 'Severity', value: (p) => SEVERITIES.indexOf(p.severity),
    cell: (p) => severityMark(p.severity) },
  { name: 'Status', value: (p) => data.order.indexOf(p.status),
    cell: (p) => statusName(p.status) },
  { name: 'Cause', kind: 'line', value: (p) => p.cause },
  { name: 'Rows', number: true, value: (p) => p.rows },
  { name: 'Zone; what to do', kind: 'wide', value: (p) => p.zone,
    cell: problemDetails },
  { name: 'Who acts', kind: 'line', value: (p) => p.actor },
], {
  label: 'Problems by zone', rows: data.problems, total: data.counts.problems,
  search: (p) => [p.zone, p.cause, p.where, ...p.examples].join(' '),
  filters: [
    { label: 'Who acts', matches: (p, actor) => p.actor === actor,
      choices: [...new Set(data.problems.map((p) => p.actor))].sort()
        .map((actor) => [actor, actor]) },
    { label: 'Status', matches: (p, status) => p.status === +status,
      choices: data.order.filter((status) =>
        data.problems.some((p) => p.status === status))
        .map((status) => [status, data.statuses[status].name]) }],
});

const problemsSection = () => {
  if (data.problems.length === 0) return null;
  const table = problemsTable();
  const acting = data.actors.filter(([name, , counts]) =>
    name !== 'nobody' && rowsOf(counts) > 0);
  const actors = new DataTable([
    { name: 'Who acts', kind: 'name', value: (row) => row[0],
      cell: (row) => el('button', { type: 'button', class: 'link',
        onclick: () => {
          table.choose(0, row[0]);
          table.element.scrollIntoView();
        } }, row[0]) },
    { name: 'That is', kind: 'line', value: (row) => row[1] },
    { name: 'Rows', number: true, value: (row) => rowsOf(row[2]) },
    { name: 'crit', number: true, value: (row) => row[2][CRIT] },
    { name: 'Statuses', kind: 'counts', value: (row) => rowsOf(row[2]),
      cell: (row) => el('span', { class: 'small' }, countsText(row[2])) },
  ], { label: 'Who acts', rows: acting });
  return section('problems', 'What to do, and who', actors.element,
                 el('h3', {}, 'Top problems by zone'), table.element);
};
