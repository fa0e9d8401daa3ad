// Elements. Text is always set as text: nothing that comes from rows is ever
// read as HTML.
const el = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'class') element.className = value;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children);  // strings become text nodes
  return element;
};

const commas = (number) =>
  String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

const shareText = (part, whole) => {
  if (part === 0 || whole === 0) return '0 %';
  const percent = 100 * part / whole;
  if (percent < 0.1) return '<0.1 %';
  if (percent > 99.9 && part < whole) return '>99.9 %';
  return `${percent.toFixed(1)} %`;
};

const SEVERITY_MARKS = { ok: '\u2713', info: '\u25cb', warn: '\u25b2',
                         crit: '\u2716' };

const severityMark = (severity) =>
  el('span', { class: `severity ${severity}` },
     `${SEVERITY_MARKS[severity]}\u00a0${severity}`);

// A square with the status' colour and letter.
const swatch = (status) =>
  el('span', { class: `swatch s${status}`, 'aria-hidden': 'true' },
     data.statuses[status].letter);

const statusName = (status) =>
  el('span', { class: 'status' }, swatch(status), data.statuses[status].name);

// "no_ptr 120, mismatch 3": the statuses that occur, what is wrong first.
const countsText = (counts) => {
  const parts = data.order.filter((status) => counts[status] > 0)
    .map((status) => `${data.statuses[status].name} ${commas(counts[status])}`);
  return parts.join(', ');
};

// Parts of a whole, one for each status.
const statusBar = (counts) => {
  const bar = el('span', { class: 'bar', role: 'img',
                           'aria-label': countsText(counts),
                           title: countsText(counts) });
  for (const status of data.order) {
    if (counts[status] === 0) continue;
    const part = el('span', { class: `s${status}` });
    part.style.flexGrow = counts[status];
    bar.append(part);
  }
  return bar;
};

const section = (id, title, ...children) =>
  el('section', { id, 'aria-labelledby': `${id}-title` },
     el('h2', { id: `${id}-title` }, title), ...children);

// What is wider than the page scrolls in itself; the keyboard can reach it.
const scrolling = (label, child) =>
  el('div', { class: 'scroll', tabindex: '0', role: 'region',
              'aria-label': label }, child);
