// More sections, and the page.
const prefixesSection = () => {
  const columns = [{ name: 'Prefix', kind: 'name', value: (row) => row.key,
                     cell: (row) => row[0] }, ...countColumns()];
  const keyed = (rows) => rows.map((row, i) => Object.assign(row, { key: i }));
  const parts = [];
  if (blocks.count > 0) {
    const lengths = [8, 16, 24].filter((length) => length < blocks.length);
    lengths.push(blocks.length);
    // The shortest prefixes that are more than one, but still a list.
    const counts = lengths.map((length) => joinedBlocks(length).length);
    let start = counts.findIndex((count) => count > 1);
    if (start < 0) start = lengths.length - 1;
    const table = new DataTable(columns, {
      label: 'IPv4 prefixes', rows: keyed(joinedBlocks(lengths[start])),
      search: (row) => row[0], sort: { column: 2, down: true } });
    const select = el('select', { onchange: () => {
      table.setRows(keyed(joinedBlocks(+select.value)));
    } });
    lengths.forEach((length, i) => {
      select.append(el('option', { value: length },
                       `/${length} (${commas(counts[i])})`));
    });
    select.value = lengths[start];
    parts.push(el('div', { class: 'controls' },
                  el('label', {}, 'By prefixes of ', select)), table.element);
  }
  if (data.v6.count > 0) {
    parts.push(el('h3', {}, 'IPv6'), new DataTable(columns, {
      label: 'IPv6 prefixes', rows: keyed(data.v6.rows), total: data.v6.count,
      search: (row) => row[0] }).element);
  }
  return parts.length === 0 ? null
    : section('prefixes', 'Prefixes', ...parts);
};

const labelsSection = () => {
  const parts = [];
  if (data.labels.length > 0) {
    parts.push(new DataTable([textColumn('Label', 0), ...countColumns()], {
      label: 'Labels', rows: data.labels, total: data.counts.labels,
      search: (row) => row[0] }).element);
  }
  if (data.not_scanned.length > 0) {
    parts.push(el('h3', {}, 'Labels whose target has no row'), new DataTable(
      [textColumn('Target', 0), textColumn('Label', 1)],
      { label: 'Not scanned', rows: data.not_scanned,
        total: data.counts.not_scanned, search: (row) => row.join(' ')
      }).element);
  }
  return parts.length === 0 ? null : section('labels', 'Labels', ...parts);
};

const zonesSection = () => {
  if (data.zones.length === 0) return null;
  const columns = [textColumn('Zone', 0), ...countColumns(),
                   textColumn('Who runs it, and where PTRs are set', 4, 'wide')];
  if (data.zones.some((zone) => zone[2] !== '')) {
    columns.push(textColumn('Verdict of zones', 2, ''),
                 textColumn('Flags of the zone', 3, ''));
  }
  return section('zones', 'Zones', new DataTable(columns, {
    label: 'Zones', rows: data.zones, total: data.counts.zones,
    search: (row) => `${row[0]} ${row[2]} ${row[3]} ${row[4]}` }).element);
};

const flagsSection = () => data.flags.length === 0 ? null
  : section('flags', 'Flags', new DataTable([
      textColumn('Flag', 0),
      { name: 'Rows', number: true, value: (row) => row[2] },
      textColumn('Meaning', 1, 'wide'), textColumn('For example', 3, 'wide'),
    ], { label: 'Flags', rows: data.flags, search: (row) => row.join(' ')
       }).element);

const classlessSection = () => data.classless.length === 0 ? null
  : section('classless', 'Classless delegations (RFC 2317)',
      el('p', { class: 'note' }, 'Holes: addresses between the first and the ' +
         'last alias that have neither alias nor PTR. Dangling: aliases to a ' +
         'name without PTR.'),
      new DataTable([
        textColumn('Addresses', 0), textColumn('Child zone', 1),
        { name: 'Aliases', number: true, value: (row) => row[2] },
        textColumn('Holes', 3, 'wide'), textColumn('Dangling', 4, 'wide'),
        textColumn('Verdict of zones', 5),
      ], { label: 'Classless delegations', rows: data.classless,
           total: data.counts.classless,
           search: (row) => `${row[0]} ${row[1]}` }).element);

const findingsSection = () => data.findings.length === 0 ? null
  : section('findings', 'Findings of the walk', new DataTable([
      textColumn('Prefix', 0), textColumn('Kind', 1), textColumn('Zone', 2),
      { name: 'Count', number: true, value: (row) => row[3] },
      { name: 'What to do', kind: 'wide', value: (row) => row[7] },
      { name: 'Seen', kind: 'wide', value: (row) =>
          [row[4], row[5], row[6]].filter(Boolean).join('; ') },
    ], { label: 'Findings', rows: data.findings,
         total: data.counts.findings, search: (row) => row.join(' ')
       }).element);

const ticketDetails = (ticket) => {
  const details = el('details', { ontoggle: () => {
    if (details.childElementCount > 1) return;
    const copied = el('span', { role: 'status', class: 'small' });
    const text = el('pre', { tabindex: '0' }, ticket.text);
    const copy = el('button', { type: 'button', onclick: async () => {
      getSelection().selectAllChildren(text);
      try {
        await navigator.clipboard.writeText(ticket.text);
        copied.textContent = ' copied';
      } catch (error) {
        copied.textContent = ' selected: copy it with the keyboard';
      }
    } }, 'Copy');
    details.append(el('p', {}, copy, copied), text);
  } }, el('summary', {}, ticket.zone, el('span', { class: 'small' },
    ` ${commas(ticket.addresses)} addresses; ${ticket.actor}; ` +
    ticket.where)));
  return details;
};

const ticketsSection = () => {
  if (data.tickets.length === 0) return null;
  const list = el('div', { class: 'tickets' });
  const shown = [...data.tickets].sort((a, b) => b.addresses - a.addresses);
  list.append(...shown.map(ticketDetails));
  const more = data.counts.tickets > shown.length
    ? `The zones with the most addresses, of ${commas(data.counts.tickets)}.`
    : '';
  return section('tickets', 'Tickets, one for each zone',
                 el('p', { class: 'note' }, more), list);
};

const build = () => {
  const sections = [summarySection(), mapSection(), problemsSection(),
                    prefixesSection(), labelsSection(), zonesSection(),
                    flagsSection(), classlessSection(), findingsSection(),
                    ticketsSection()].filter(Boolean);
  const links = sections.map((part) => el('li', {}, el('a',
    { href: `#${part.id}` }, part.querySelector('h2').textContent)));
  document.getElementById('page').append(headSection(),
    el('nav', { 'aria-label': 'Sections' }, el('ul', {}, ...links)),
    el('main', {}, ...sections));
};
build();
