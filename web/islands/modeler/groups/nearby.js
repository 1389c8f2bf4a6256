// So many days before or after the day in a field.
import { choice, number } from '../inputs.js';

// ``found``: [text, unit, count, path]; ``dates``: [path, words] of the fields.
export function nearby({ say, again }, [, unit, count, path], dates, write) {
  const now = { unit, count: Math.abs(count), before: count < 0, path };
  const put = (values) => {
    Object.assign(now, values);
    write(`${now.unit}(${now.before ? -now.count : now.count}, ${now.path})`);
    again();
  };
  const units = [['wd', say('Working days')], ['cd', say('Days')]];
  const sides = [['before', say('before it')], ['after', say('after it')]];
  return [
    choice(say('The day in the field'), path, dates.map(([one, words]) => [one, words]), (one) => put({ path: one }), { name: 'near-field' }),
    number(say('How many'), now.count, (many) => put({ count: Number(many) }), { name: 'near-count', min: 1 }),
    choice(say('Counted in'), unit, units, (one) => put({ unit: one }), { name: 'near-unit' }),
    choice(say('Before or after'), now.before ? 'before' : 'after', sides, (side) => put({ before: side === 'before' }), { name: 'near-side' }),
  ];
}
