// A number of days: written as such, or as many as a parameter says that a service before it has read.
import { choice, number } from '../inputs.js';

const OWN = '…';

// ``value``: "3" or "parameters.plan_days"; null for what is neither, and then not asked. ``types``: of parameters, such as working_days.
export function days({ say, again, elements, vocabulary }, label, value, write, { name, types, ...bounds }) {
  const [reading] = elements.filter((one) => one.$type === 'bpmn:ServiceTask' && one.get('ducha:service') === 'parameters');
  const offered = reading ? vocabulary.parameters.filter(({ type }) => types.includes(type)) : [];
  const options = offered.map((one) => [`${reading.id}.${one.name}`, one.title]);
  const fixed = /^-?\d+$/.test(value);
  const change = (chosen) => {
    write(chosen === OWN ? '3' : chosen);
    again();
  };
  const parts = [];
  if (options.length || !fixed) {
    parts.push(choice(label, fixed ? OWN : value, [[OWN, say('A number of my own')], ...options], change, { name: `${name}-source`, find: say('Find in the list') }));
  }
  if (fixed) parts.push(number(label, value, write, { name, min: 1, ...bounds }));
  return parts;
}

// What may stand in a count of days.
export const COUNT = '(\\d+|\\w+(?:\\.\\w+)+)';
