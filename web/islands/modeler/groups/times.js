// When a timer is due: by choices for the usual times, by a text for all others.
import { box, choice, formula, line } from '../inputs.js';
import { cycle } from './cycles.js';
import { nearby } from './nearby.js';
import { COUNT, days } from './numbers.js';
import { DATES } from './people.js';

const OWN = '…';
const KINDS = [['timeDuration', 'After a while'], ['timeDate', 'At a date'], ['timeCycle', 'Again and again']];
const BEGIN = { timeDuration: 'wd(3)', timeDate: '=wd(3)', timeCycle: 'R/wd(1)' };
const COUNTED = new RegExp(`^(?:(wd|cd)\\(${COUNT}\\)|P(\\d+)D|PT(\\d+)(H|M))$`);
const AROUND = /^(wd|cd)\((-?\d+), (\w+\.\w+)\)$/;
const TYPES = { wd: ['working_days'], cd: ['calendar_days'], P: [], H: [], M: [] };

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
  const [, named, counted, whole, hours, small] = COUNTED.exec(text.replace(/^=/, '').trim()) ?? [];
  const unit = named ?? (whole ? 'P' : small ?? OWN);
  const written = (chosen, count) => ({ wd: `wd(${count})`, cd: `cd(${count})`, P: `P${count}D`, H: `PT${count}H`, M: `PT${count}M` })[chosen];
  const turn = (chosen) => {
    write(chosen === OWN ? `=${text || 'wd(3)'}` : written(chosen, chosen === 'M' ? 30 : 3));
    again();
  };
  const units = [
    ['wd', say('Working days')], ['cd', say('Days, to the end of the working hours')], ['P', say('Days, to the minute')],
    ['H', say('Hours')], ['M', say('Minutes')], [OWN, say('By a formula')],
  ];
  const parts = [choice(say('Counted in'), unit, units, turn, { name: 'timer-unit' })];
  if (unit === OWN) return [...parts, freely(reader, text, write, 'duration', 'P1DT12H  wd(3)  =a.b')];
  const settings = { name: 'timer-count', types: TYPES[unit], max: 3650 };
  return [...parts, ...days(reader, say('How many'), counted ?? whole ?? hours, (count) => write(written(unit, count)), settings)];
}

function date(reader, text, write) {
  const { say, again, fields } = reader;
  const bare = text.replace(/^=/, '').trim();
  const [day, clock] = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text) ? text.split('T') : [];
  const filled = [...fields('date', 'datetime'), ...reader.told(DATES)];
  const dates = filled.map(([path, words]) => [path, say('On the day in the field “{name}”', { name: words })]);
  const around = AROUND.exec(bare);
  const turn = (chosen) => {
    const today = new Date().toLocaleDateString('sv');
    write({ day: today, around: `=wd(-1, ${filled[0]?.[0]})`, [OWN]: `=${bare || 'wd(3)'} ` }[chosen] ?? `=${chosen}`);
    again();
  };
  const choices = [
    ...dates, ...(dates.length ? [['around', say('Some days before or after the day in a field')]] : []),
    ['day', say('On a certain day')], [OWN, say('By a formula')],
  ];
  const now = day ? 'day' : around ? 'around' : dates.some(([path]) => path === bare) ? bare : OWN;
  const parts = [choice(say('Which'), now, choices, turn, { name: 'timer-date' })];
  if (around) parts.push(...nearby(reader, around, filled, (said) => write(`=${said}`)));
  if (day) {
    const said = { day, clock };
    const put = (values) => {
      Object.assign(said, values);
      write([said.day, said.clock].filter(Boolean).join('T'));
    };
    parts.push(
      line(say('Day'), day, (on) => on && put({ day: on }), { name: 'timer-day', type: 'date' }),
      line(say('At'), clock ?? '', (at) => put({ clock: at }), { name: 'timer-clock', type: 'time', hint: say('Without a time: at the end of the working day') }),
    );
  }
  if (now === OWN) parts.push(freely(reader, text, write, 'date', '=wd(-3, a.b)'));
  return parts;
}
