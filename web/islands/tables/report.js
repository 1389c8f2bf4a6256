// What the server says of the table: problems as a list and as marks on cells, rules without a test, parameters.
import { node } from './nodes.js';

export function reporting(page, say) {
  const [problems, untested, parameters] = ['problems', 'untested', 'parameters'].map((name) =>
    page.querySelector(`[data-${name}]`),
  );
  // The editor draws its cells anew whenever it likes, so marks are rules of a style, not classes of elements.
  const marks = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, marks];

  function show(report) {
    list(report.problems);
    cover(report);
    depend(report);
    marks.replaceSync([...report.problems.map(problemMark), ...ruleMarks(report)].filter(Boolean).join('\n'));
  }

  function list(found) {
    const items = found.map(({ severity, message }) => {
      const kind = say(severity === 'error' ? 'error' : 'warning');
      const look = severity === 'error' ? 'mark-red' : 'mark-yellow';
      return node('li', {}, node('span', { class: `mark ${look}` }, kind), ` ${message}`);
    });
    problems.replaceChildren(...(items.length ? items : [node('li', { class: 'soft' }, say('No problems'))]));
  }

  function cover({ columns, rules, untested: numbers }) {
    if (!columns) untested.textContent = say('The tests run as soon as the table is free of errors.');
    else if (!rules.length) untested.textContent = '';
    else if (!numbers.length) untested.textContent = say('Every rule is reached by a test.');
    else untested.textContent = say('Rules that no test reaches: {numbers}', { numbers: numbers.join(', ') });
  }

  function depend({ columns, parameters: used, unknown }) {
    if (!columns) return;
    const rows = used.map((one) =>
      node(
        'tr',
        {},
        node('th', { scope: 'row' }, node('a', { href: one.address }, one.title), node('div', { class: 'soft small' }, one.name)),
        node('td', {}, `${one.value} ${one.unit}`),
        node('td', {}, one.from ? say('from {day}', { day: one.from }) : say('from the beginning')),
        node('td', {}, one.later.map(({ value, from }) => `${say('from {day}', { day: from })}: ${value}`).join('; ') || '—'),
        node('td', {}, one.source),
      ),
    );
    const strange = unknown.map((name) =>
      node('p', { class: 'tables-strange' }, say('There is no parameter {name}.', { name })),
    );
    const heads = ['Parameter', 'Value', 'Valid', 'Later', 'Source'].map((words) => node('th', { scope: 'col' }, say(words)));
    const table = node('table', { class: 'tables-grid' }, node('thead', {}, node('tr', {}, ...heads)), node('tbody', {}, ...rows));
    const none = node('p', { class: 'soft' }, say('The table reads no parameters.'));
    parameters.replaceChildren(...(rows.length ? [table] : strange.length ? [] : [none]), ...strange);
  }

  return { show };
}

const place = (id) => `.tables-editor [data-element-id="${CSS.escape(id)}"]`;

function problemMark({ element, severity }) {
  if (!element) return '';
  const colour = severity === 'error' ? 'var(--tables-error)' : 'var(--tables-warning)';
  return `${place(element)} { box-shadow: inset 0 0 0 2px ${colour}; }`;
}

function ruleMarks({ columns, rules, untested }) {
  if (!columns) return [];
  return rules.map(({ id, number }) => {
    const colour = untested.includes(number) ? 'transparent' : 'var(--tables-reached)';
    return `.tables-editor td.rule-index[data-row-id="${CSS.escape(id)}"] { border-left: 4px solid ${colour}; }`;
  });
}
