// Makes elements of the page; texts are only ever set as text.
let count = 0;

export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'data') Object.assign(made.dataset, value);
    else if (name in made && !name.startsWith('aria')) made[name] = value;
    else if (value !== null && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function labelled(words, control, hint = '') {
  control.id ||= `designer-${(count += 1)}`;
  const explained = hint && make('div', { className: 'form-hint', id: `${control.id}-hint` }, hint);
  if (explained) control.setAttribute('aria-describedby', explained.id);
  return make('div', { className: 'designer-field' }, make('label', { className: 'form-label', htmlFor: control.id }, words), control, explained);
}

export function ticked(words, checked, act, disabled = false) {
  const box = make('input', { type: 'checkbox', className: 'form-check-input', checked, disabled, onchange: () => act(box.checked) });
  return make('label', { className: 'form-check' }, box, make('span', { className: 'form-check-label' }, words));
}

export function choice(options, value, act, more = {}) {
  const made = make('select', { className: 'form-select', ...more });
  for (const [key, words] of options) made.append(make('option', { value: key, selected: key === value }, words));
  made.addEventListener('change', () => act(made.value));
  return made;
}

export function button(words, act, more = {}) {
  return make('button', { type: 'button', className: 'btn btn-sm', onclick: act, ...more }, words);
}
