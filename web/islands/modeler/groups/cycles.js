// A rhythm: every so many days, on a working day of the week, the month or the quarter, so many times or without end.
import { choice, folded, formula, number } from '../inputs.js';

const OWN = '…';
const EVERY = /^R(\d*)\/(?:(wd|cd)\((\d+)\)|P(\d+)(D|W|M)|PT(\d+)(H|M))$/;
const DAY = /^R(\d*)\/wd_of_(week|month|quarter)\((-?\d+)(?:, (\d+))?\)$/;
const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const BEGIN = {
  wd: 'R/wd(1)', cd: 'R/cd(7)', D: 'R/P1D', W: 'R/P1W', M: 'R/P1M', hours: 'R/PT12H', minutes: 'R/PT30M',
  week: 'R/wd_of_week(1, 9)', month: 'R/wd_of_month(1)', quarter: 'R/wd_of_quarter(-5)',
};

export function cycle(reader, text, write) {
  const { say, again } = reader;
  const found = read(text);
  const turn = (kind) => {
    write(kind === OWN ? text || 'R/P1D' : BEGIN[kind]);
    again();
  };
  // A rhythm that can be chosen is written as a text by turning away from the choices.
  const kinds = [
    ['wd', say('Every so many working days')], ['cd', say('Every so many days, at the end of the working hours')], ['D', say('Every so many days, to the minute')],
    ['W', say('Every so many weeks')], ['M', say('Every so many months')], ['hours', say('Every so many hours')], ['minutes', say('Every so many minutes')],
    ['week', say('On a day of the week')], ['month', say('On a working day of the month')], ['quarter', say('On a working day of the quarter')],
    ...(found ? [] : [[OWN, say('In another rhythm')]]),
  ];
  const parts = [choice(say('Rhythm'), found?.kind ?? OWN, kinds, turn, { name: 'timer-cycle' })];
  const itself = formula(say('The time as text'), text, (said) => {
    write(said);
    again();
  }, reader.variables(), { name: 'timer-text', kind: 'cycle', hint: 'R/PT12H  R3/P1D  R/wd_of_week(1, 9)' });
  if (!found) return [...parts, itself];
  const put = (values) => {
    write(written({ ...found, ...values }));
    again();
  };
  return [...parts, ...asked(reader, found, put), folded(say('As a formula'), itself)];
}

function asked({ say }, { kind, count, hour, times }, put) {
  const parts = [];
  if (kind === 'week') {
    parts.push(
      choice(say('Day'), String(count), WEEK.map((day, at) => [String(at + 1), say(day)]), (day) => put({ count: Number(day) }), { name: 'cycle-day' }),
      number(say('Hour'), hour, (at) => put({ hour: Number(at) }), { name: 'cycle-hour', min: 0, max: 23 }),
    );
  } else if (['month', 'quarter'].includes(kind)) {
    const sides = [['first', say('from the beginning')], ['last', say('from the end')]];
    parts.push(
      number(say('Which working day'), Math.abs(count), (day) => put({ count: count < 0 ? -day : Number(day) }), { name: 'cycle-count', min: 1, max: kind === 'month' ? 20 : 60 }),
      choice(say('Counted'), count < 0 ? 'last' : 'first', sides, (side) => put({ count: (side === 'last' ? -1 : 1) * Math.abs(count) }), { name: 'cycle-side' }),
    );
  } else parts.push(number(say('How many'), count, (many) => put({ count: Number(many) }), { name: 'cycle-count', min: 1, max: 3650 }));
  const ends = [['', say('Without end')], ['some', say('A number of times')]];
  parts.push(choice(say('Until when'), times ? 'some' : '', ends, (end) => put({ times: end ? 3 : '' }), { name: 'cycle-ends' }));
  if (times) parts.push(number(say('As many times as'), times, (many) => put({ times: many }), { name: 'cycle-times', min: 1, max: 10000 }));
  return parts;
}

// {kind, count, hour, times}, or null for what no choice says.
export function read(text) {
  const [whole, times, named, working, counted, unit, small, part] = EVERY.exec(text) ?? [];
  if (whole) return { kind: named ?? unit ?? { H: 'hours', M: 'minutes' }[part], count: Number(working ?? counted ?? small), times };
  const [dated, again, of, count, hour] = DAY.exec(text) ?? [];
  if (!dated || (of === 'week') !== (hour !== undefined)) return null;
  return { kind: of, count: Number(count), hour: hour && Number(hour), times: again };
}

export function written({ kind, count, hour, times }) {
  const rhythm = {
    wd: `wd(${count})`, cd: `cd(${count})`, D: `P${count}D`, W: `P${count}W`, M: `P${count}M`, hours: `PT${count}H`, minutes: `PT${count}M`,
    week: `wd_of_week(${count}, ${hour})`, month: `wd_of_month(${count})`, quarter: `wd_of_quarter(${count})`,
  }[kind];
  return `R${times ?? ''}/${rhythm}`;
}
