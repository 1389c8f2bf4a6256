// What is wrong with the form, at its fields and in a list, and what differs from the version before.
import { button, make } from './dom.js';
import { called, nameOf } from './edits.js';

export function keepMarks(name) {
  let problems = [];
  const here = (one) => one.element.startsWith(`${name}#`);
  const path = (one) => one.element.slice(name.length + 1).replaceAll('-', '.');
  return {
    take(found) {
      problems = found;
    },
    own: () => problems.filter(here).map((one) => ({ ...one, path: path(one) })),
    others: () => problems.filter((one) => !here(one)),
    // The worst that is said of a field: error, warning or nothing.
    at(at, form) {
      const around = at.length > 1 ? `${nameOf(form, at.slice(0, -1))}.` : '';
      const names = [nameOf(form, at), `${around}#${at.at(-1) + 1}`];
      const found = problems.filter(here).filter((one) => names.includes(path(one)));
      return found.some((one) => one.severity === 'error') ? 'error' : found[0]?.severity;
    },
  };
}

export function listProblems(box, marks, form, say, show) {
  const line = (one, place) =>
    make('li', { className: `designer-${one.severity}` }, ...named(form, place), place && ' ', one.message,
      one.path && ' ', one.path && button(say('Show it'), () => show(one.path)));
  const [own, others] = [marks.own(), marks.others()];
  box.replaceChildren(
    own.length ? make('ul', {}, ...own.map((one) => line(one, one.path))) : make('p', { className: 'soft' }, say('Nothing is wrong with this form.')),
  );
  if (others.length) box.append(make('h3', {}, say('Elsewhere')), make('ul', {}, ...others.map((one) => line(one, one.element))));
}

// What people call it, and its name.
function named(form, path) {
  const words = path && called(form, path);
  return words ? [words, ' ', make('code', { className: 'small' }, path)] : path ? [make('code', {}, path)] : [];
}

export function listDifferences(box, differences, form, say) {
  if (!differences?.length) {
    box.replaceChildren(make('p', { className: 'soft' }, say(differences ? 'Nothing is different.' : 'This form is new.')));
    return;
  }
  const titles = ['Field', 'What', 'Before', 'Now'].map((words) => say(words));
  const head = titles.map((words) => make('th', { scope: 'col' }, words));
  const cell = (place, ...parts) => make('td', { className: place > 1 ? 'pre' : '', data: { label: titles[place] } }, ...parts);
  const rows = differences.map((one) =>
    make('tr', {}, cell(0, ...(one.path ? named(form, one.path) : [say('Form')])), cell(1, make('span', { className: 'mark' }, one.kind), ' ', one.facet),
      cell(2, one.before), cell(3, one.after)),
  );
  const table = make('table', { className: 'designer-matrix designer-differences' }, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows));
  box.replaceChildren(make('div', { className: 'table-responsive', tabIndex: 0, role: 'group', 'aria-label': say('What') }, table));
}
