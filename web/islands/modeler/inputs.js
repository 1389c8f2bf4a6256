// The inputs of the panel. Each has a label, tells its value when it is left or chosen, and shows nothing as HTML.
// ``name`` in the options is what stays the same in every language; the focus is kept by it when the panel is drawn anew.
import { formulaOf } from './formula.js';

const LONG = 20; // choices, from which on a list can be narrowed
let serial = 0;

export function box(title, ...parts) {
  const found = document.createElement('section');
  const head = document.createElement('h3');
  head.textContent = title;
  found.append(head, ...parts.filter(Boolean));
  return found;
}

// What is looked at now and then: shown when its head is pressed. It stays open while the panel is drawn anew.
export function folded(title, ...parts) {
  const found = document.createElement('details');
  const head = document.createElement('summary');
  head.textContent = title;
  found.append(head, ...parts.filter(Boolean));
  return found;
}

export function hint(words) {
  const found = document.createElement('p');
  found.className = 'modeler-hint';
  found.textContent = words;
  return found;
}

export function link(words, address) {
  const found = document.createElement('a');
  found.className = 'modeler-link';
  found.href = address;
  found.textContent = words;
  return found;
}

function labelled(label, input, options, ...more) {
  const found = document.createElement('div');
  found.className = 'modeler-field';
  const words = document.createElement('label');
  input.id = `modeler-${(serial += 1)}`;
  input.name = options.name ?? label;
  words.htmlFor = input.id;
  words.textContent = label;
  found.append(words, input, ...more);
  if (options.hint) {
    const line = hint(options.hint);
    line.id = `${input.id}-hint`;
    input.setAttribute('aria-describedby', line.id);
    found.append(line);
  }
  return found;
}

export function line(label, value, change, options = {}) {
  const input = document.createElement('input');
  input.className = 'form-control';
  input.value = value;
  input.autocomplete = 'off';
  if (options.type) input.type = options.type; // date, datetime-local
  input.readOnly = Boolean(options.readonly);
  if (options.pattern) input.pattern = options.pattern;
  input.addEventListener('change', () => input.reportValidity() && change(input.value.trim()));
  return labelled(label, input, options);
}

export function number(label, value, change, options = {}) {
  const input = document.createElement('input');
  input.className = 'form-control';
  input.type = 'number';
  input.value = value;
  Object.assign(input, { min: options.min ?? 0, max: options.max ?? 500, step: options.step ?? 1, required: true });
  input.addEventListener('change', () => input.reportValidity() && change(input.value));
  return labelled(label, input, options);
}

export function lines(label, value, change, options = {}) {
  const input = document.createElement('textarea');
  input.className = 'form-control';
  input.rows = options.rows ?? 3;
  input.value = value;
  input.addEventListener('change', () => change(input.value.trim()));
  return labelled(label, input, options);
}

// A formula, completed from the variables there are ([path, words]) and judged while one types; see formula.js.
export function formula(label, value, change, variables, options = {}) {
  const { input, list, verdict, meaning } = formulaOf(value, change, variables, options.kind ?? 'expression');
  return labelled(label, input, options, list, verdict, meaning);
}

// choices: [value, words]; ``find`` in the options: what the field says that narrows a long list
export function choice(label, value, choices, change, options = {}) {
  const input = document.createElement('select');
  input.className = 'form-select';
  const known = choices.some(([key]) => key === value) ? choices : [...choices, [value, value]];
  const offer = (some) => input.replaceChildren(...some.map(([key, words]) => new Option(words, key, false, key === value)));
  offer(known);
  input.addEventListener('change', () => change(input.value));
  const found = labelled(label, input, options);
  if (options.find && choices.length > LONG) input.before(finder(options.find, label, (has) => offer(known.filter((one) => one[0] === value || has(one[1])))));
  return found;
}

// A field above a long list: what is typed into it is what the rest of the list has.
function finder(words, label, narrow) {
  const input = document.createElement('input');
  Object.assign(input, { type: 'search', className: 'form-control modeler-find', placeholder: words, autocomplete: 'off' });
  input.setAttribute('aria-label', `${label}: ${words}`);
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    narrow((text) => text.toLowerCase().includes(wanted));
  });
  return input;
}

export function tick(label, value, change, options = {}) {
  const found = document.createElement('label');
  found.className = 'modeler-tick';
  const input = document.createElement('input');
  input.type = 'checkbox';
  input.className = 'form-check-input';
  input.name = options.name ?? label;
  input.checked = value;
  input.addEventListener('change', () => change(input.checked));
  found.append(input, ` ${label}`);
  return found;
}

// Several of the choices ([value, words]). What is chosen stands first: it is why one looks.
export function several(label, chosen, choices, change, options = {}) {
  const found = document.createElement('fieldset');
  found.className = 'modeler-several';
  const legend = document.createElement('legend');
  legend.textContent = label;
  found.append(legend);
  const unknown = chosen.filter((key) => !choices.some(([name]) => name === key)).map((key) => [key, key]);
  const all = [...choices, ...unknown];
  const first = all.filter(([key]) => chosen.includes(key));
  const rest = all.filter(([key]) => !chosen.includes(key));
  for (const [key, words] of [...first, ...rest]) {
    const row = tick(words, chosen.includes(key), () => {
      change([...found.querySelectorAll('input:checked')].map((one) => one.value));
    }, { name: `${options.name ?? label}-${key}` });
    row.querySelector('input').value = key;
    found.append(row);
  }
  if (options.find && all.length > LONG) {
    legend.after(finder(options.find, label, (has) => {
      for (const row of found.querySelectorAll('label')) row.hidden = !has(row.textContent) && !row.querySelector('input').checked;
    }));
  }
  return found;
}

export function press(words, act, name = words) {
  const found = document.createElement('button');
  found.type = 'button';
  found.className = 'btn btn-sm';
  found.textContent = words;
  found.name = name;
  found.addEventListener('click', act);
  return found;
}

// Names with a formula each. ``offered`` are names that may be given; others can be added where ``free``. ``words``: {name: what it means}
export function pairs(title, now, offered, variables, change, say, { free, name = title, words = {} } = {}) {
  const known = new Map(now);
  const names = [...new Set([...offered, ...known.keys()])];
  const write = (key, value) => {
    if (value) known.set(key, value);
    else known.delete(key);
    change([...known]);
  };
  const rows = names.map((key) =>
    formula(words[key] ? `${words[key]} (${key})` : key, known.get(key) ?? '', (value) => write(key, value), variables, { name: `${name}-${key}` }),
  );
  if (!free) return names.length ? box(title, ...rows) : null;
  const add = (key) => key && !known.has(key) && write(key, 'null');
  const more = line(say('Add one called'), '', add, { name: `${name}+`, pattern: '[A-Za-z][A-Za-z0-9_]*', hint: say('Letters, digits and _') });
  return box(title, ...rows, more);
}
