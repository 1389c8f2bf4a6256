// What can be done to a form document. Every function changes the copy that it is given; a path is the place of a field,
// of a column after that of its table, and so on for a table in a row of another.
export const levelOf = (form, path) => path.slice(0, -1).reduce((level, place) => level?.[place]?.columns, form.fields);
export const fieldAt = (form, path) => (path?.length ? levelOf(form, path)?.[path.at(-1)] : undefined);
export const nameOf = (form, path) => path.map((_, depth) => fieldAt(form, path.slice(0, depth + 1)).name).join('.');

// What is no field can't be shown; the checks have said so already.
export function sound(given) {
  const form = structuredClone(given);
  const level = (fields) => {
    const found = Array.isArray(fields) ? fields.filter((one) => one && typeof one === 'object' && !Array.isArray(one)) : [];
    for (const field of found) if (field.type === 'table' || field.columns) field.columns = level(field.columns);
    return found;
  };
  form.fields = level(form.fields);
  if (form.steps && (typeof form.steps !== 'object' || Array.isArray(form.steps))) delete form.steps;
  for (const rules of Object.values(form.steps ?? {})) if (!rules.fields || typeof rules.fields !== 'object') rules.fields = {};
  return form;
}

// As far as it is there: the table, where a column is gone. What has no name is told by its place, #1.
export function pathOf(form, dotted) {
  const path = [];
  for (const name of dotted.split('.')) {
    const level = levelOf(form, [...path, 0]) ?? [];
    const place = name.startsWith('#') ? Number(name.slice(1)) - 1 : level.findIndex((field) => field.name === name);
    if (!level[place]) break;
    path.push(place);
  }
  return path.length ? path : null;
}

// The labels on the way to a field; nothing where it is not there.
export function called(form, dotted) {
  const path = pathOf(form, dotted);
  return path?.length === dotted.split('.').length ? path.map((_, depth) => fieldAt(form, path.slice(0, depth + 1)).label).join(' › ') : '';
}

// Whether a field of this type, with the columns that it has, may stand with so many tables around it.
export const fits = (types, type, columns, around) =>
  (types[type]?.deepest ?? 0) >= around && (columns ?? []).every((one) => fits(types, one.type, one.columns, around + 1));

export function add(form, path, type, types, words) {
  const level = levelOf(form, path);
  const field = { name: freeName(level, type), label: types[type].title, type };
  complete(field, types, words);
  level.splice(path.at(-1), 0, field);
}

// Returns where the field stands then: places shift when a field leaves its level.
export function move(form, from, to) {
  const [source, goal] = [levelOf(form, from), levelOf(form, to)];
  const dotted = nameOf(form, from);
  const [field] = source.splice(from.at(-1), 1);
  const depth = from.length - 1;
  const shifts = to.length > depth && from[depth] < to[depth] && from.slice(0, depth).every((place, at) => to[at] === place);
  const path = to.map((place, at) => (shifts && at === depth ? place - 1 : place));
  if (source !== goal) {
    field.name = freeName(goal, field.name);
    if (to.length > 1) for (const key of ['prefill', 'readonly']) delete field[key]; // columns know neither
    permit(form, dotted, null);
  }
  goal.splice(path.at(-1), 0, field);
  return path;
}

export function remove(form, path) {
  const dotted = nameOf(form, path);
  const level = levelOf(form, path);
  const [field] = level.splice(path.at(-1), 1);
  for (const other of level) setConditions(other, conditionsOf(other).filter((one) => one.field !== field.name));
  permit(form, dotted, null);
}

export function copy(form, path, words) {
  const level = levelOf(form, path);
  const field = structuredClone(fieldAt(form, path));
  field.name = freeName(level, field.name);
  field.label = words.replace('{label}', field.label).slice(0, 120);
  level.splice(path.at(-1) + 1, 0, field);
}

// Conditions and permissions that mention the field follow it.
export function rename(form, path, name) {
  const [level, field, dotted] = [levelOf(form, path), fieldAt(form, path), nameOf(form, path)];
  for (const other of level) {
    setConditions(other, conditionsOf(other).map((one) => (one.field === field.name ? { ...one, field: name } : one)));
  }
  field.name = name;
  permit(form, dotted, nameOf(form, path));
}

export function retype(form, path, type, types, words) {
  const field = fieldAt(form, path);
  field.type = type;
  for (const key of ['options', 'columns', 'min', 'max', 'places', 'unit', 'register']) {
    if (!types[type].takes.includes(key)) delete field[key];
  }
  complete(field, types, words);
}

// A value that says nothing is left out of the document.
export function set(form, path, key, value) {
  const field = path ? fieldAt(form, path) : form;
  if (value === '' || value === false || value === null || value === undefined) delete field[key];
  else field[key] = value;
}

export function conditionsOf(field) {
  const given = field.visible_if ?? [];
  return (Array.isArray(given) ? given : [given]).filter((one) => one && typeof one === 'object');
}

export function valuesOf(condition) {
  const given = 'equals' in condition ? condition.equals : (condition.in ?? condition.not_in);
  return Array.isArray(given) ? given : [given];
}

export function condition(field, negated, values) {
  if (negated) return { field, not_in: values };
  return values.length === 1 ? { field, equals: values[0] } : { field, in: values };
}

export function setConditions(field, conditions) {
  if (conditions.length) field.visible_if = conditions.length === 1 ? conditions[0] : conditions;
  else delete field.visible_if;
}

// The permissions of every step for a field and its columns, under another name or (null) no longer.
function permit(form, dotted, other) {
  for (const rules of Object.values(form.steps ?? {})) {
    const kept = Object.entries(rules.fields ?? {}).map(([path, rule]) => {
      const concerned = path === dotted || path.startsWith(`${dotted}.`);
      return concerned ? other !== null && [other + path.slice(dotted.length), rule] : [path, rule];
    });
    rules.fields = Object.fromEntries(kept.filter(Boolean));
  }
}

function complete(field, types, words) {
  const { takes, fixed } = types[field.type];
  if (takes.includes('options')) field.options ??= [['a', `${words} 1`], ['b', `${words} 2`]];
  if (takes.includes('columns')) field.columns ??= [{ name: 'text_1', label: types.text.title, type: 'text' }];
  if (fixed) field.readonly = true;
}

function freeName(level, wanted) {
  const taken = new Set(level.map((field) => field.name));
  if (!taken.has(wanted) && /_\d+$/.test(wanted)) return wanted;
  const stem = wanted.replace(/_\d+$/, '');
  for (let number = 1; ; number += 1) if (!taken.has(`${stem}_${number}`)) return `${stem}_${number}`;
}
