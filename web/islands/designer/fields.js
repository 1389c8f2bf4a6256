// The list of fields and the kinds that can be added: by drag, by press, and by keyboard.
import { button, make } from './dom.js';
import { add, copy, fieldAt, fits, levelOf, move, remove } from './edits.js';

// Browsers drag no buttons: this is pressed like one, by mouse and keyboard, and can be dragged.
function handle(properties, act, ...children) {
  const made = make('div', { role: 'button', tabIndex: 0, onclick: act, ...properties }, ...children);
  made.addEventListener('keydown', (event) => {
    if (event.target !== made || !['Enter', ' '].includes(event.key)) return;
    event.preventDefault();
    act();
  });
  return made;
}

export function listFields(page, kept, types, say, marks) {
  const list = page.querySelector('[data-fields]');
  const said = page.querySelector('[data-said]');
  let dragged = null; // {from: path} or {type}

  for (const [type, { title }] of Object.entries(types)) {
    const kind = handle({ draggable: true, className: 'designer-kind', data: { type } }, () => addAfter(type), title);
    kind.addEventListener('dragstart', (event) => begin(event, { type }, title));
    page.querySelector('[data-palette]').append(kind);
  }

  function begin(event, what, words) {
    dragged = what;
    event.dataTransfer.setData('text/plain', words); // without any data nothing is dragged
    event.dataTransfer.effectAllowed = 'move';
    event.stopPropagation();
  }

  // Behind the chosen field; where it may not stand there, behind the table around that.
  function addAfter(type) {
    const { form, chosen } = kept;
    const beside = chosen?.slice(0, types[type].deepest + 1);
    put({ type }, beside ? [...beside.slice(0, -1), beside.at(-1) + 1] : [form.fields.length]);
  }

  function put(what, path) {
    if (what.type) {
      kept.change((form) => add(form, path, what.type, types, say('New option')), { choose: path });
      tell('{field} added', fieldAt(kept.form, path));
      return;
    }
    kept.change((form) => move(form, what.from, path));
    const moved = kept.chosen;
    const level = levelOf(kept.form, moved);
    tell('{field} moved to place {place} of {count}', fieldAt(kept.form, moved), moved.at(-1) + 1, level.length);
    focus();
  }

  const tell = (words, field, place, count) => {
    said.textContent = say(words, { field: field.label, place, count });
  };

  function takeOut(path) {
    const field = fieldAt(kept.form, path);
    const left = levelOf(kept.form, path).length - 1;
    const next = left ? [...path.slice(0, -1), Math.min(path.at(-1), left - 1)] : path.slice(0, -1);
    kept.change((form) => remove(form, path), { choose: next.length ? next : null });
    tell('{field} removed', field);
    focus();
  }

  function shift(path, by) {
    const goal = path.at(-1) + by;
    if (goal < 0 || goal >= levelOf(kept.form, path).length) return;
    kept.choose(path);
    put({ from: path }, [...path.slice(0, -1), by > 0 ? goal + 1 : goal]);
  }

  // Into the table before it, as its last column; out of its table, behind that.
  function inward(path) {
    const before = [...path.slice(0, -1), path.at(-1) - 1];
    const [table, field] = [fieldAt(kept.form, before), fieldAt(kept.form, path)];
    return table?.columns && fits(types, field.type, field.columns, path.length) ? [...before, table.columns.length] : null;
  }
  const outward = (path) => (path.length > 1 ? [...path.slice(0, -2), path.at(-2) + 1] : null);

  function carry(path, goal) {
    if (!goal) return;
    kept.choose(path);
    put({ from: path }, goal);
  }

  const write = () => page.querySelector('[data-panel] input')?.focus();
  const focus = () => list.querySelector('[aria-current="true"]')?.focus();

  // Whether what is dragged may stand there: no field in itself, and tables only as deep as forms know them.
  function mayDrop(path) {
    if (!dragged) return false;
    const { from } = dragged;
    if (from && from.length < path.length && from.every((place, at) => path[at] === place)) return false;
    const field = from ? fieldAt(kept.form, from) : dragged;
    return fits(types, field.type, field.columns, path.length - 1);
  }

  function show() {
    if (dragged) return; // what is in the hand must stay there; it is shown when it is put down
    list.replaceChildren(...kept.form.fields.map((field, place) => item(field, [place])));
    if (!kept.form.fields.length) list.append(make('li', { className: 'soft' }, say('No field yet. Choose a kind of field above.')));
  }

  function item(field, path) {
    const current = String(path) === String(kept.chosen);
    // Who chooses the chosen one wants to write what it says.
    const name = handle({ className: 'designer-name', 'aria-current': String(current) }, () => (current ? write() : kept.choose(path)));
    name.addEventListener('keydown', (event) => press(event, path));
    name.append(make('span', { className: 'designer-label' }, field.label || field.name || '…'), make('span', { className: 'soft small' }, facts(field)));
    const worst = marks.at(path, kept.form);
    if (worst) name.append(make('span', { className: `mark ${worst === 'error' ? 'mark-red' : 'mark-yellow'}` }, '!'));
    const made = make('li', { draggable: true, className: 'designer-item', data: { path: path.join('.') } }, name);
    made.addEventListener('dragstart', (event) => begin(event, { from: path }, field.label || '…'));
    aim(made, path, (after) => [...path.slice(0, -1), path.at(-1) + (after ? 1 : 0)]);
    if (current) made.append(acts(path));
    if (field.columns) made.append(columnsOf(field, path));
    return made;
  }

  function columnsOf(table, path) {
    const columns = make('ol', { className: 'designer-list', 'aria-label': `${table.label}: ${say('Columns')}` });
    columns.append(...table.columns.map((column, place) => item(column, [...path, place])));
    if (!table.columns.length) {
      const empty = make('li', { className: 'designer-item soft' }, make('div', { className: 'designer-empty' }, say('No column yet')));
      aim(empty, [...path, 0], () => [...path, 0]);
      columns.append(empty);
    }
    return columns;
  }

  const facts = (field) =>
    [types[field.type]?.title ?? field.type, field.required && say('Must be answered'), field.readonly && say('Only shown'), field.visible_if && say('condition')]
      .filter(Boolean)
      .join(' · ');

  function acts(path) {
    return make(
      'div',
      { className: 'designer-item-acts' },
      button(say('Edit'), write, { className: 'btn btn-sm designer-narrow' }),
      button(say('Move up'), () => shift(path, -1)),
      button(say('Move down'), () => shift(path, 1)),
      inward(path) && button(say('Into the table above'), () => carry(path, inward(path))),
      outward(path) && button(say('Out of the table'), () => carry(path, outward(path))),
      button(say('Copy'), () => {
        const next = [...path.slice(0, -1), path.at(-1) + 1];
        kept.change((form) => copy(form, path, say('{label} (copy)')), { choose: next });
        focus();
      }),
      button(say('Remove'), () => takeOut(path), { className: 'btn btn-sm btn-ghost-danger' }),
    );
  }

  function press(event, path) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by && event.altKey) shift(path, by);
    else if (event.key === 'ArrowRight' && event.altKey) carry(path, inward(path));
    else if (event.key === 'ArrowLeft' && event.altKey) carry(path, outward(path));
    else if (by) step(event.currentTarget, by);
    else if (event.key === 'Delete') takeOut(path);
    else return;
    event.preventDefault();
  }

  function step(from, by) {
    const names = [...list.querySelectorAll('.designer-name')];
    names[names.indexOf(from) + by]?.focus();
  }

  function aim(made, path, goal) {
    const after = (event) => {
      const { top, height } = made.firstElementChild.getBoundingClientRect();
      return event.clientY > top + height / 2;
    };
    made.addEventListener('dragover', (event) => {
      event.stopPropagation();
      if (!mayDrop(path)) return;
      event.preventDefault();
      clear();
      made.classList.add(after(event) ? 'drop-after' : 'drop-before');
    });
    made.addEventListener('drop', (event) => {
      event.stopPropagation();
      if (!mayDrop(path)) return;
      event.preventDefault();
      const what = dragged;
      drop();
      put(what, goal(after(event)));
    });
  }

  function clear() {
    for (const one of list.querySelectorAll('.drop-before, .drop-after')) one.classList.remove('drop-before', 'drop-after');
  }

  function drop() {
    dragged = null;
    clear();
  }

  list.addEventListener('dragover', (event) => dragged && event.preventDefault());
  list.addEventListener('drop', (event) => {
    event.preventDefault();
    const what = dragged;
    drop();
    if (what) put(what, [kept.form.fields.length]);
  });
  page.addEventListener('dragend', () => {
    drop();
    show();
  });
  return { show };
}
