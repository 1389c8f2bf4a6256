// The items of a form as a list of [name, value], and the way back.
const LEFT_OUT = new Set(['csrf_token', '_key', '_action', '_add', '_remove']);

export function itemsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !LEFT_OUT.has(name));
}

export function same(one, other) {
  const filled = (items) => JSON.stringify(items.filter(([, value]) => value !== ''));
  return filled(one) === filled(other);
}

export function fill(form, value, parts) {
  parts.rows.setRows(value.items.map(([name]) => name));
  parts.files.restore(value.files ?? []);
  const left = new Map();
  for (const [name, text] of value.items) left.set(name, [...(left.get(name) ?? []), text]);
  for (const control of form.querySelectorAll('[name]')) {
    if (LEFT_OUT.has(control.name) || control.type === 'file' || control.disabled || control.closest('template')) continue;
    const texts = left.get(control.name) ?? [];
    if (control.type === 'checkbox' || control.type === 'radio') control.checked = texts.includes(control.value);
    else if (control.tagName !== 'BUTTON') control.value = texts.shift() ?? '';
  }
}
