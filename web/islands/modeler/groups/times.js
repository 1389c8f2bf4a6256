// When a timer is due: by choices for the usual times, by a text for all others.
import { box, choice, formula, line, number } from '../inputs.js';

const OWN = '…';
const KINDS = [['timeDuration', 'After a while'], ['timeDate', 'At a date'], ['timeCycle', 'Again and again']];
const BEGIN = { timeDuration: 'wd(3)', timeDate: '=wd(3)', timeCycle: 'R/wd(1)' };
const COUNTED = /^(?:(wd)\((\d+)\)|P(\d+)D|PT(\d+)H)$/;
const CYCLES = [
  ['R/wd(1)', 'At the end of every working day'],
  ['R/P7D', 'Every seven days'],
  ['R/wd_of_month(1)', 'On the first working day of every month'],
  ['R/wd_of_month(-5)', 'On the fifth last working day of every month'],
  ['R/wd_of_quarter(-5)', 'On the fifth last working day of every quarter'],
];

export function time(reader, definition) {
  const { element, modeling, say, again, expression } = reader;
  const [kind] = KINDS.find(([name]) => definition[name]) ?? KINDS[0];
  const text = definition[kind]?.body ?? '';
  const write = (body, name = kind) => {
    const empty = { timeDate: undefined, timeDuration: undefined, timeCycle: undefined };
    modeling.updateModdleProperties(element, definition, { ...empty, [name]: expression(body, definition) });
  };
  const turn = (name) => {
    write(BEGIN[name], name);
    again();
  };
  const asked = { timeDuration: duration, timeDate: date, timeCycle: cycle }[kind];
  const kinds = KINDS.map(([name, words]) => [name, say(words)]);
  return [box(say('Time'), choice(say('When'), kind, kinds, turn, { name: 'timer' }), ...asked(reader, text, write))];
}

// The text itself, for what no choice says.
const freely = ({ say, variables }, text, write, kind, hint) =>
  formula(say('The time as text'), text, (said) => write(said), variables(), { name: 'timer-text', kind, hint });

function duration(reader, text, write) {
  const { say, again } = reader;
  const [, named, counted, days, hours] = COUNTED.exec(text) ?? [];
  const unit = named ?? (days ? 'P' : hours ? 'PT' : OWN);
  const written = (chosen, count) => ({ wd: `wd(${count})`, P: `P${count}D`, PT: `PT${count}H` })[chosen];
  const turn = (chosen) => {
    write(chosen === OWN ? `=${text || 'wd(3)'}` : written(chosen, 3));
    again();
  };
  const units = [['wd', say('Working days')], ['P', say('Days')], ['PT', say('Hours')], [OWN, say('By a formula')]];
  const parts = [choice(say('Counted in'), unit, units, turn, { name: 'timer-unit' })];
  if (unit === OWN) return [...parts, freely(reader, text, write, 'duration', 'PT90M  wd(3)  =a.b')];
  return [...parts, number(say('How many'), counted ?? days ?? hours, (count) => write(written(unit, count)), { name: 'timer-count', min: 1, max: 3650 })];
}

function date(reader, text, write) {
  const { say, again, fields } = reader;
  const bare = text.replace(/^=/, '').trim();
  const day = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text);
  const dates = fields('date', 'datetime').map(([path, words]) => [path, say('On the day in the field “{name}”', { name: words })]);
  const known = dates.some(([path]) => path === bare);
  const turn = (chosen) => {
    write({ day: '2013-05-06', [OWN]: `=${bare || 'wd(3)'} ` }[chosen] ?? `=${chosen}`);
    again();
  };
  const choices = [...dates, ['day', say('On a certain day')], [OWN, say('By a formula')]];
  const now = day ? 'day' : known ? bare : OWN;
  const parts = [choice(say('Which'), now, choices, turn, { name: 'timer-date' })];
  if (day) parts.push(line(say('Day, and time if wanted'), text, write, { name: 'timer-day', pattern: '\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d)?', hint: '2013-05-06  2013-05-06T09:00' }));
  if (now === OWN) parts.push(freely(reader, text, write, 'date', '=wd(-3, a.b)'));
  return parts;
}

function cycle(reader, text, write) {
  const { say, again } = reader;
  const known = CYCLES.some(([written]) => written === text);
  const turn = (chosen) => {
    write(chosen === OWN ? 'R/P1D' : chosen);
    again();
  };
  const choices = [...CYCLES.map(([written, words]) => [written, say(words)]), [OWN, say('In another rhythm')]];
  const parts = [choice(say('How often'), known ? text : OWN, choices, turn, { name: 'timer-cycle' })];
  return known ? parts : [...parts, freely(reader, text, write, 'cycle', 'R/PT12H  R3/P1D  R/wd_of_week(1, 9)')];
}
