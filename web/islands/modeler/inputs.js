// The inputs of the panel. Each has a label, tells its value when it is left or chosen, and shows nothing as HTML.
let serial = 0;

export function box(title, ...parts) {
  const found = document.createElement('section');
  const head = document.createElement('h3');
  head.textContent = title;
  found.append(head, ...parts.filter(Boolean));
  return found;
}

function labelled(label, input, hint) {
  const found = document.createElement('div');
  found.className = 'modeler-field';
  const words = document.createElement('label');
  input.id = `modeler-${(serial += 1)}`;
  input.name ||= label;
  words.htmlFor = input.id;
  words.textContent = label;
  found.append(words, input);
  if (hint) {
    const line = document.createElement('div');
    line.className = 'modeler-hint';
    line.textContent = hint;
    found.append(line);
  }
  return found;
}

export function line(label, value, change, { hint, readonly } = {}) {
  const input = document.createElement('input');
  input.className = 'form-control';
  input.value = value;
  input.readOnly = Boolean(readonly);
  input.addEventListener('change', () => change(input.value.trim()));
  return labelled(label, input, hint);
}

export function lines(label, value, change, { hint } = {}) {
  const input = document.createElement('textarea');
  input.className = 'form-control';
  input.rows = 3;
  input.value = value;
  input.addEventListener('change', () => change(input.value.trim()));
  return labelled(label, input, hint);
}

// A formula, with the variables there are to choose from while one types.
export function formula(label, value, change, variables, { hint } = {}) {
  const input = document.createElement('input');
  input.className = 'form-control modeler-formula';
  input.spellcheck = false;
  input.value = value.replace(/^=/, '');
  const list = document.createElement('datalist');
  list.id = `modeler-list-${(serial += 1)}`;
  list.append(...variables.map(([path, words]) => new Option(words, path)));
  input.setAttribute('list', list.id);
  input.addEventListener('change', () => change(input.value.trim()));
  const found = labelled(label, input, hint);
  found.append(list);
  return found;
}

// options: [value, words]
export function choice(label, value, options, change, { hint } = {}) {
  const input = document.createElement('select');
  input.className = 'form-select';
  const known = options.some(([key]) => key === value);
  input.append(...options.map(([key, words]) => new Option(words, key, false, key === value)));
  if (!known) input.append(new Option(value, value, true, true));
  input.addEventListener('change', () => change(input.value));
  return labelled(label, input, hint);
}

export function several(label, chosen, options, change) {
  const found = document.createElement('fieldset');
  found.className = 'modeler-several';
  const legend = document.createElement('legend');
  legend.textContent = label;
  found.append(legend);
  const unknown = chosen.filter((key) => !options.some(([name]) => name === key)).map((key) => [key, key]);
  for (const [key, words] of [...options, ...unknown]) {
    const row = document.createElement('label');
    const input = document.createElement('input');
    input.type = 'checkbox';
    input.className = 'form-check-input';
    input.value = key;
    input.name = `${label}-${key}`;
    input.checked = chosen.includes(key);
    input.addEventListener('change', () => {
      change([...found.querySelectorAll('input:checked')].map((one) => one.value));
    });
    row.append(input, ` ${words}`);
    found.append(row);
  }
  return found;
}

export function press(words, act) {
  const found = document.createElement('button');
  found.type = 'button';
  found.className = 'btn btn-sm';
  found.textContent = words;
  found.addEventListener('click', act);
  return found;
}

// Names with a formula each. ``offered`` are names that may be given; others can be added where ``free``.
export function pairs(title, now, offered, variables, change, say, { free } = {}) {
  const known = new Map(now);
  const names = [...new Set([...offered, ...known.keys()])];
  const write = (name, value) => {
    if (value) known.set(name, value);
    else known.delete(name);
    change([...known]);
  };
  const rows = names.map((name) => formula(name, known.get(name) ?? '', (value) => write(name, value), variables));
  if (!free) return names.length ? box(title, ...rows) : null;
  const more = line(say('A new one'), '', (name) => name && write(name, 'null'));
  return box(title, ...rows, more);
}
