// The tests beside a table: a row for each, with what is given, what is expected, and how it ended on the server.
import { shown, typed } from './formulas.js';
import { node, press } from './nodes.js';

const MARKS = { passed: 'mark-green', failed: 'mark-red', fault: 'mark-red', open: '' };
let serial = 0;

export function testing(page, tests, say, changed) {
  const [head, body] = [page.querySelector('[data-heads]'), page.querySelector('[data-rows]')];
  const own = page.querySelector('[data-own]');
  let columns = { given: [], expected: [] };
  let rows = [];
  let last = null; // what the server said at last

  page.querySelector('[data-add]').addEventListener('click', () => {
    const like = tests.at(-1);
    tests.push({ name: '', on: like?.on ?? '', given: { ...like?.given }, expected: {} });
    build();
    rows.at(-1).line.querySelector('input').focus();
    changed();
  });
  own.addEventListener('change', () => {
    build();
    if (last) judgeAll();
  });

  // Columns that the table has lost stay to be seen as long as a test fills them.
  function visible() {
    const known = (list, part) => {
      const names = new Set(list.map(({ name }) => name));
      const lost = tests.flatMap((test) => Object.keys(test[part])).filter((name) => !names.has(name));
      const gone = [...new Set(lost)].map((name) => ({ name, label: name, type: '', options: [], gone: true }));
      return [...list, ...gone];
    };
    const given = known(columns.given, 'given').filter(
      ({ name, is_parameter: numbers }) => !numbers || own.checked || tests.some((test) => name in test.given),
    );
    return { given, expected: known(columns.expected, 'expected') };
  }

  function build() {
    const { given, expected } = visible();
    const title = ({ label, name, gone }) =>
      node('th', { scope: 'col' }, label, ...(label === name ? [] : [node('div', { class: 'soft small' }, name)]),
        ...(gone ? [node('div', { class: 'small' }, say('not in the table any more'))] : []));
    head.replaceChildren(
      node('tr', {}, node('td', { colspan: 4 }), group('Given', given), group('Expected', expected), node('td')),
      node('tr', {}, ...['No.', 'Name', 'Result', 'Day'].map((words) => node('th', { scope: 'col' }, say(words))),
        ...given.map(title), ...expected.map(title), node('td')),
    );
    const lists = new Map([...given, ...expected].filter(({ options }) => options.length).map((one) => [one, choices(one)]));
    rows = tests.map((test, at) => row(test, at, given, expected, lists));
    body.replaceChildren(...rows.map(({ line }) => line));
    head.append(...lists.values());
    page.querySelector('[data-none]').hidden = tests.length > 0;
    page.querySelector('[data-grid]').hidden = tests.length === 0;
  }

  const group = (words, list) =>
    list.length ? node('th', { scope: 'colgroup', colspan: list.length }, say(words)) : '';

  function choices({ type, options }) {
    return node('datalist', { id: `tables-list-${(serial += 1)}` }, ...options.map((one) => new Option(shown(one, type))));
  }

  function row(test, at, given, expected, lists) {
    const change = () => changed();
    const label = (words) => `${say('Test {number}', { number: at + 1 })}: ${words}`;
    const name = input(label(say('Name')), test.name, (text) => { test.name = text; change(); });
    name.classList.add('tables-name');
    const day = input(label(say('Day')), test.on, (text) => { test.on = text; change(); });
    day.type = 'date';
    const cells = (list, part) => list.map((column) => {
      const write = (text) => {
        const formula = typed(text, column.type);
        if (formula) test[part][column.name] = formula;
        else delete test[part][column.name];
        change();
      };
      const cell = input(label(column.label), shown(test[part][column.name], column.type), write);
      if (lists.has(column)) cell.setAttribute('list', lists.get(column).id);
      return node('td', { class: part === 'given' ? 'tables-given' : 'tables-expected' }, cell);
    });
    const asked = cells(given, 'given');
    const wanted = cells(expected, 'expected');
    const result = node('td', { class: 'tables-result' }, '…');
    const remove = press(say('Remove'), () => {
      tests.splice(tests.indexOf(test), 1);
      build();
      changed();
    }, { 'aria-label': label(say('Remove')) });
    const line = node('tr', {}, node('th', { scope: 'row' }, String(at + 1)), node('td', {}, name), result, node('td', {}, day),
      ...asked, ...wanted, node('td', {}, remove));
    return { test, line, result, wanted: new Map(expected.map((column, n) => [column, wanted[n]])) };
  }

  function show(report) {
    if (report.columns && JSON.stringify(report.columns) !== JSON.stringify(columns)) {
      columns = report.columns;
      const typing = place();
      build();
      back(typing);
    }
    last = report;
    judgeAll();
  }

  const judgeAll = () => rows.forEach((one, at) => judge(one, last.columns ? last.verdicts[at] : null));

  function judge({ test, result, wanted }, verdict) {
    for (const [column, cell] of wanted) {
      cell.classList.toggle('tables-wrong', Boolean(verdict?.wrong.includes(column.name)));
      cell.querySelector('.tables-instead')?.remove();
      const found = verdict?.answer[column.name];
      if (found !== undefined && (verdict.state === 'open' || verdict.wrong.includes(column.name))) {
        cell.append(node('div', { class: 'tables-instead' }, say('answers {value}', { value: shown(found, column.type) })));
      }
    }
    if (!verdict) {
      result.replaceChildren('—');
      return;
    }
    const parts = [node('span', { class: `mark ${MARKS[verdict.state]}` }, verdict.words)];
    if (verdict.rules.length) parts.push(` ${say('rule {numbers}', { numbers: verdict.rules.join(', ') })}`);
    if (verdict.message) parts.push(node('div', { class: 'small' }, verdict.message));
    if (verdict.state === 'open' || verdict.state === 'failed') {
      const take = () => {
        test.expected = { ...verdict.answer };
        build();
        changed();
      };
      parts.push(press(say('Expect what it answers'), take));
    }
    result.replaceChildren(...parts);
  }

  // Where one is typing, so that he can go on when columns have come or gone.
  const place = () => {
    const active = document.activeElement;
    return body.contains(active) ? active.getAttribute('aria-label') : null;
  };
  const back = (name) => name && body.querySelector(`[aria-label="${CSS.escape(name)}"]`)?.focus();

  return { show, tests };
}

function input(label, value, write) {
  const found = node('input', { class: 'form-control', 'aria-label': label, autocomplete: 'off', spellcheck: 'false' });
  found.value = value ?? '';
  found.addEventListener('change', () => write(found.value.trim()));
  return found;
}
