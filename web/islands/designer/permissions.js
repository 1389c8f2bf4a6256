// What other steps may do with the form: a column for each step, a row for each field and column of a table.
import { button, choice, make } from './dom.js';

export function editPermissions(box, kept, given, say) {
  const { permissions, steps, name } = given;
  const own = name.split('/')[1];
  const showing = steps.filter((step) => step.form === name);

  function show() {
    const named = Object.keys(kept.form.steps ?? {}).filter((id) => !showing.some((step) => step.id === id));
    const columns = [...showing.filter((step) => step.id !== own), ...named.map((id) => ({ id, name: id, lost: true }))];
    if (!columns.length) {
      box.replaceChildren(make('p', { className: 'soft' }, say('No other step shows this form.')));
      return;
    }
    const head = make('tr', {}, make('th', { scope: 'col' }, say('Field')), ...columns.map((step) => make('th', { scope: 'col' }, title(step), source(step))));
    const body = rows().map((row) => make('tr', {}, make('th', { scope: 'row', className: `designer-depth-${row.tables.length}` }, row.label), ...columns.map((step) => make('td', {}, cell(step, row)))));
    box.replaceChildren(make('div', { className: 'table-responsive', tabIndex: 0, role: 'group', 'aria-label': say('Fields') }, make('table', { className: 'designer-matrix' }, make('thead', {}, head), make('tbody', {}, ...body))));
  }

  function title(step) {
    const parts = [make('div', {}, step.name)];
    if (step.lost) {
      parts.push(make('div', { className: 'form-hint' }, say('There is no step of this id in the drawing.')));
      parts.push(button(say('Remove the permissions of this step'), () => take(step.id)));
    }
    return make('div', {}, ...parts);
  }

  function source(step) {
    const rules = kept.form.steps?.[step.id];
    const current = rules ? (rules.from ?? own ?? '') : '';
    const others = showing.filter((one) => one.id !== step.id);
    const known = !current || others.some((one) => one.id === current) ? others : [{ id: current, name: current }, ...others];
    const options = [['', say('of no step: it asks anew')], ...known.map((one) => [one.id, one.name])];
    const chosen = choice(options, current, (from) => (from ? give(step.id, from) : take(step.id)), {
      'aria-label': `${say('Takes over the answers of')}: ${step.name}`,
    });
    return make('div', {}, make('span', { className: 'form-hint' }, say('Takes over the answers of')), chosen);
  }

  const take = (id) => kept.change((form) => {
    delete form.steps[id];
    if (!Object.keys(form.steps).length) delete form.steps;
  });

  const give = (id, from) => kept.change((form) => {
    const rules = (form.steps ??= {})[id] ?? { fields: {} };
    const { from: _, ...rest } = rules;
    form.steps[id] = from === own ? rest : { from, ...rest };
  });

  function rows() {
    const standard = [{ name: 'opinion', label: say('Opinion') }, { name: 'attachments', label: say('Attachments') }];
    return below([...kept.form.fields, ...standard], [], false);
  }

  // `tables` are the paths of those around a column; `fixed` is what the program fills in everywhere.
  function below(fields, tables, fixed) {
    return fields.flatMap((field) => {
      const row = { path: [...tables.slice(-1), field.name].join('.'), label: field.label, tables, fixed: fixed || field.readonly };
      return [row, ...below(field.columns ?? [], [...tables, row.path], row.fixed)];
    });
  }

  function cell(step, row) {
    const rules = kept.form.steps?.[step.id];
    const rule = rules?.fields?.[row.path] ?? '';
    const closed = row.fixed || row.tables.some((table) => ['hidden', 'readonly'].includes(rules?.fields?.[table]));
    const offered = Object.entries(permissions).filter(([key]) => !closed || key === 'hidden' || key === rule);
    return choice([['', say('as in the form')], ...offered], rule, (chosen) => permit(step.id, row.path, chosen), {
      disabled: !rules,
      'aria-label': `${row.label}: ${say('Permissions at the step “{step}”', { step: step.name })}`,
    });
  }

  const permit = (id, path, rule) => kept.change((form) => {
    const fields = (form.steps[id].fields ??= {});
    if (rule) fields[path] = rule;
    else delete fields[path];
    if (['hidden', 'readonly'].includes(rule)) {
      for (const inner of Object.keys(fields)) if (inner.startsWith(`${path}.`) && fields[inner] !== 'hidden') delete fields[inner];
    }
  });

  return { show };
}
