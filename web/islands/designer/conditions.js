// When a field is shown: conditions on earlier fields of its level, made of choices.
import { button, choice, make, ticked } from './dom.js';
import { condition, conditionsOf, fieldAt, levelOf, setConditions, valuesOf } from './edits.js';

export function editConditions(kept, path, say) {
  const controls = levelOf(kept.form, path).slice(0, path.at(-1)).filter((field) => ['bool', 'enum', 'multi'].includes(field.type));
  const conditions = conditionsOf(fieldAt(kept.form, path));
  const edit = (act) => kept.change((form) => {
    const field = fieldAt(form, path);
    setConditions(field, act(conditionsOf(field)));
  });
  const put = (place, one) => edit((all) => all.map((other, at) => (at === place ? one : other)));
  const box = make('fieldset', { className: 'designer-conditions' }, make('legend', {}, say('Shown only if')));
  conditions.forEach((one, place) => box.append(row(one, place)));
  if (conditions.length > 1) box.append(make('p', { className: 'form-hint' }, say('All of these must hold.')));
  if (!controls.length) {
    box.append(make('p', { className: 'form-hint' }, say('No earlier field can decide about this one. Only yes or no, and choices, can.')));
  } else {
    box.append(button(say('Add a condition'), () => edit((all) => [...all, condition(controls[0].name, false, [answers(controls[0], say)[0][0]])])));
  }
  return box;

  function row(one, place) {
    const control = controls.find((field) => field.name === one.field);
    const negated = 'not_in' in one;
    const known = control ? controls : [{ name: one.field, label: one.field }, ...controls];
    const which = choice(known.map((field) => [field.name, field.label]), one.field, (name) => {
      const other = controls.find((field) => field.name === name);
      put(place, condition(name, negated, [answers(other, say)[0][0]]));
    }, { 'aria-label': `${say('Field')} ${place + 1}` });
    const how = choice([['in', say('is one of')], ['not_in', say('is none of')]], negated ? 'not_in' : 'in', (sign) =>
      put(place, condition(one.field, sign === 'not_in', valuesOf(one))), { 'aria-label': `${say('Shown only if')} ${place + 1}` });
    const values = valuesOf(one);
    const boxes = (control ? answers(control, say) : []).map(([value, words]) =>
      ticked(words, values.includes(value), (on) => {
        const left = on ? [...values, value] : values.filter((other) => other !== value);
        put(place, condition(one.field, negated, left));
      }),
    );
    return make('div', { className: 'designer-condition' }, which, how, make('div', {}, ...boxes),
      button(say('Remove'), () => edit((all) => all.filter((_, at) => at !== place)), { 'aria-label': `${say('Remove')} ${place + 1}` }));
  }
}

const answers = (field, say) => (field.type === 'bool' ? [[true, say('Yes')], [false, say('No')]] : field.options?.length ? field.options : [['', '—']]);
