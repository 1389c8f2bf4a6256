// Who of several gets a step, what happens if nobody may do it, and who need not do the same twice.
import { box, choice, formula, hint, several } from '../inputs.js';
import { listed } from './general.js';
import { others } from './people.js';

export function rules(reader) {
  const { say } = reader;
  const skipped = [reader.own('nobody'), reader.own('repeated')].includes('skip');
  return [
    box(
      say('If several may do it'),
      one(reader, 'choose', say('Which of them gets it'), [
        ['', say('Whoever takes it first')],
        ['least_loaded', say('Who has the fewest open tasks')],
        ['rotation', say('Everybody in turn')],
      ]),
      others(reader).length > 0 &&
        one(reader, 'sameAs', say('The same person as in'), [['', say('Does not matter')], ...others(reader)]),
    ),
    box(
      say('If nobody may do it'),
      one(reader, 'nobody', say('What happens then'), [
        ['', say('It waits until somebody gets the role')],
        ['deputy', say('The deputy gets it, or else an administrator decides')],
        ['list', say('An administrator decides')],
        ['skip', say('The case goes on without it, with a record')],
      ]),
    ),
    box(
      say('If the same person has approved already'),
      one(reader, 'repeated', say('What happens then'), [
        ['', say('It is asked again')],
        ['skip', say('It is not asked again, with a record')],
      ]),
      ...(reader.own('repeated') === 'skip' ? repetition(reader) : []),
    ),
    skipped && answers(reader),
  ];
}

function one({ own, setOwn, again }, name, label, options) {
  const change = (value) => {
    setOwn(name, value);
    again();
  };
  return choice(label, own(name), options, change, { name });
}

function repetition(reader) {
  const { own, setOwn, say } = reader;
  return [
    several(say('It repeats'), listed(own('repeatedOf')), others(reader), (names) => setOwn('repeatedOf', names.join(',')), { name: 'repeatedOf' }),
    hint(say('None chosen: the steps with the same form')),
  ];
}

// What stands there as the answers of a step that nobody has done: choices as such, all else as formulas.
function answers(reader) {
  const { extensions, setPairs, fieldsOf, object, variables, say } = reader;
  const known = new Map(extensions('ducha:Skipped').map(({ name, value }) => [name, value]));
  const write = (name, value) => {
    if (value) known.set(name, value);
    else known.delete(name);
    setPairs('ducha:Skipped', [...known]);
  };
  const rows = fieldsOf(object).map(({ name, label, type, options }) => {
    const now = known.get(name) ?? '';
    const settings = { name: `skipped-${name}` };
    const wordsOf = { enum: options.map(([key, words]) => [`'${key}'`, words]), bool: [['true', say('yes')], ['false', say('no')]] };
    const offered = wordsOf[type];
    if (!offered) return formula(label, now, (value) => write(name, value), variables(), settings);
    return choice(label, now, [['', say('Nothing')], ...offered], (value) => write(name, value), settings);
  });
  return rows.length ? box(say('What stands there if it is not asked'), ...rows) : null;
}
