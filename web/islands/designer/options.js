// The options of a choice: what is stored and what people read, in their order.
import { button, make } from './dom.js';
import { fieldAt } from './edits.js';

export function editOptions(kept, path, say) {
  const options = fieldAt(kept.form, path).options ?? [];
  const edit = (act, key = '') => kept.change((form) => void act(fieldAt(form, path).options), { key });
  const rows = options.map((option, place) => {
    const input = (side, words) =>
      make('input', {
        className: 'form-control',
        value: option[side] ?? '',
        maxLength: 100,
        'aria-label': `${words} ${place + 1}`,
        oninput: (event) => edit((all) => (all[place][side] = event.target.value), `${path} option ${place} ${side}`),
      });
    const swap = (by) => edit((all) => ([all[place], all[place + by]] = [all[place + by], all[place]]));
    return make(
      'li',
      {},
      input(1, say('What people read')),
      input(0, say('Value')),
      button('↑', () => swap(-1), { disabled: place === 0, 'aria-label': `${say('Move up')} ${place + 1}` }),
      button('↓', () => swap(1), { disabled: place === options.length - 1, 'aria-label': `${say('Move down')} ${place + 1}` }),
      button('×', () => edit((all) => all.splice(place, 1)), { disabled: options.length === 1, 'aria-label': `${say('Remove')} ${place + 1}` }),
    );
  });
  const another = button(say('Add an option'), () =>
    edit((all) => {
      const taken = new Set(all.flat());
      let number = all.length + 1;
      while (taken.has(`v${number}`) || taken.has(`${say('New option')} ${number}`)) number += 1;
      all.push([`v${number}`, `${say('New option')} ${number}`]);
    }),
  );
  return make('fieldset', { className: 'designer-options' }, make('legend', {}, say('Options')), make('ol', {}, ...rows), another);
}
