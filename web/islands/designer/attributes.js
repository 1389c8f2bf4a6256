// The panel: everything that the chosen field may say, and nothing that its type does not know.
import { choice, labelled, make, ticked, button } from './dom.js';
import { add, fieldAt, fits, rename, retype, set } from './edits.js';
import { editConditions } from './conditions.js';
import { editOptions } from './options.js';

export function openPanel(panel, kept, given, say) {
  const { types, registers, names } = given;
  const example = names.findLast((name) => /^\w+\.\w+$/.test(name)) ?? names[0];
  const suggestions = make('datalist', { id: 'designer-names' }, ...names.map((name) => make('option', { value: name })));

  const own = given.name.includes('/') ? `${given.name.split('/')[1]}.` : '';

  function show() {
    const path = kept.chosen;
    const field = fieldAt(kept.form, path);
    if (!field) {
      panel.replaceChildren(make('p', { className: 'soft' }, say('Choose a field to see what it says.')));
      return;
    }
    const table = fieldAt(kept.form, path.slice(0, -1));
    panel.replaceChildren(
      make('div', { className: 'designer-panel-head' }, make('h2', {}, table ? say('column of {table}', { table: table.label }) : say('Field')),
        button(say('Back to the fields'), () => document.querySelector('[data-fields] [aria-current="true"]')?.focus(), { className: 'btn btn-sm designer-narrow' })),
      ...plainParts(path, field),
      ...ownParts(path, field, types[field.type]),
      ...(table ? [] : filledParts(path, field, types[field.type])),
      editConditions(kept, path, say),
    );
  }

  // Typed: one change as long as the same input is typed into, and the panel stays as it is.
  const typed = (path, key, read = (text) => text) => (event) =>
    kept.change((form) => set(form, path, key, read(event.target.value)), { key: `${path} ${key}` });

  const line = (path, field, key, limit) =>
    make('input', { className: 'form-control', value: field[key] ?? '', maxLength: limit, oninput: typed(path, key) });

  function plainParts(path, field) {
    const name = make('input', { className: 'form-control', value: field.name ?? '', maxLength: 60, spellcheck: false });
    name.addEventListener('change', () => kept.change((form) => rename(form, path, name.value.trim())));
    const kinds = Object.entries(types).filter(([type]) => fits(types, type, type === 'table' ? field.columns : [], path.length - 1) || type === field.type);
    const kind = choice(kinds.map(([type, { title }]) => [type, title]), field.type, (type) =>
      kept.change((form) => retype(form, path, type, types, say('New option'))),
    );
    return [
      labelled(say('Label'), line(path, field, 'label', 120)),
      labelled(say('Name'), name, path.length === 1 && field.name ? say('Formulas call it {name}', { name: `${own}${field.name}` }) : ''),
      labelled(say('Type'), kind),
      labelled(say('Explanation'), make('textarea', { className: 'form-control', rows: 2, value: field.help ?? '', maxLength: 500, oninput: typed(path, 'help') })),
      ticked(say('Must be answered'), field.required === true, (on) => kept.change((form) => set(form, path, 'required', on)), field.readonly === true),
    ];
  }

  function ownParts(path, field, type) {
    const parts = [];
    const takes = (key) => type?.takes.includes(key);
    if (takes('options')) parts.push(editOptions(kept, path, say));
    if (takes('columns')) {
      parts.push(button(say('Add a column'), () => {
        const at = [...path, field.columns?.length ?? 0];
        kept.change((form) => add(form, at, 'text', types, say('New option')), { choose: at });
      }));
    }
    const counted = (words) => (type.counts ? say('{bound} ({counted})', { bound: words, counted: type.counts }) : words);
    if (takes('min')) parts.push(bound(path, field, 'min', counted(say('At least'))));
    if (takes('max')) parts.push(bound(path, field, 'max', counted(say('At most'))));
    if (takes('places')) {
      parts.push(labelled(say('Decimal places'), make('input', { className: 'form-control', type: 'number', min: 0, max: 8, value: field.places ?? '', oninput: typed(path, 'places', number) })));
    }
    if (takes('unit')) parts.push(labelled(say('Unit'), line(path, field, 'unit', 20)));
    if (takes('register')) parts.push(labelled(say('Register'), register(path, field)));
    return parts;
  }

  function bound(path, field, key, words) {
    const day = field.type === 'date';
    const input = make('input', { className: 'form-control', value: field[key] ?? '', inputMode: day ? 'text' : 'decimal', oninput: typed(path, key, day ? (text) => text.trim() : number) });
    return labelled(words, input, day ? say('today, or a day such as 2013-05-06') : '');
  }

  function register(path, field) {
    const change = (value) => kept.change((form) => set(form, path, 'register', value));
    if (field.type === 'register') return make('input', { className: 'form-control', value: field.register ?? '', oninput: typed(path, 'register') });
    const known = registers.includes(field.register ?? '') ? registers : [field.register ?? '', ...registers];
    return choice(['', ...known].filter((name, place, all) => all.indexOf(name) === place).map((name) => [name, name || '—']), field.register ?? '', change);
  }

  function filledParts(path, field, type) {
    const formula = make('input', { className: 'form-control designer-formula', value: field.prefill ?? '', maxLength: 500, spellcheck: false, oninput: typed(path, 'prefill') });
    formula.setAttribute('list', suggestions.id);
    const fixed = ticked(say('Only shown'), field.readonly === true, (on) => kept.change((form) => set(form, path, 'readonly', on)), type?.fixed);
    return [suggestions, labelled(say('Filled in beforehand'), formula, say('A formula, such as {example}', { example })), fixed];
  }

  return { show };
}

// What is no number stays as it was typed: the checks say what is wrong with it.
const number = (text) => (text.trim() === '' ? '' : Number.isFinite(Number(text)) ? Number(text) : text);
