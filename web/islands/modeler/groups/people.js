// Who does a step, where, by when, with which form: by choices; a formula only where none of them fits.
import { box, choice, formula, hint, press, several } from '../inputs.js';
import { listed, roles } from './general.js';
import { roleOfLane } from './lanes.js';
import { nearby } from './nearby.js';
import { COUNT, days } from './numbers.js';
import { opened } from './work.js';

const OWN = '…'; // the choice "by a formula"
const UNITS = /(^|[._])(unit|org|district|handler)$/; // how what tells an organisation is called
export const DATES = /(^|[._])(due|until|deadline|date|day|opens|on|at)$/; // and what tells a day
const bare = (text) => text.replace(/^=/, '').trim();

export function people(reader) {
  const { own, setOwn, say } = reader;
  return [
    box(
      say('Who does it'),
      ...pool(reader),
      offered(reader, 'candidateOrg', say('In which organisation'), [
        ['', say('Any')],
        ['org', say('That of the case')],
        ['starter_org', say('That of who started it')],
        ['superior(org)', say('The one above that of the case')],
        ['superior(starter_org)', say('The one above that of who started it')],
        ...leads(reader),
        ...reader.told(UNITS).map(([path, words]) => [path, say('The organisation in “{name}”', { name: words })]),
        ...reader.fields('org').map(([path, words]) => [path, say('The organisation in the field “{name}”', { name: words })]),
        ...reader.fields('org').map(([path, words]) => [`superior(${path})`, say('The one above that in the field “{name}”', { name: words })]),
      ]),
      offered(reader, 'taskCode', say('For which task'), [
        ['', say('Any')], ['task_code', say('That of the case')],
        ...items(reader).map((name) => [`${name}.task_code`, say('That of the item “{name}” of the list', { name })]),
        ...reader.told(/\.task_code$/).map(([path, words]) => [path, words]),
      ]),
      offered(reader, 'assignee', say('A certain person'), [
        ['', say('Nobody in particular')],
        ['starter', say('Who started the case')],
        ...items(reader).map((name) => [name, say('The person that the item “{name}” of the list is', { name })]),
        ...others(reader).map(([id, name]) => [`performer('${id}')`, say('Who did the step “{name}”', { name })]),
        ...reader.fields('user').map(([path, words]) => [path, say('The person in the field “{name}”', { name: words })]),
        ...reader.vocabulary.people.map(({ name, title }) => [`'${name}'`, title]),
      ], { find: say('Find in the list') }),
      others(reader).length > 0 &&
        several(say('Not the same person as in'), listed(own('notSameAs')), others(reader), (names) => setOwn('notSameAs', names.join(',')), { name: 'notSameAs' }),
      plain(reader, 'barred', say('People who may not do it (a list)')),
    ),
    box(say('Form'), ...form(reader)),
    box(say('Due'), ...due(reader)),
    plain(reader, 'subject', say('What tells it from others in lists')),
  ];
}

// Names of the items of the lists around a step.
function items({ object }) {
  const found = [];
  for (let around = object; around; around = around.$parent) {
    const name = around.loopCharacteristics?.get?.('ducha:elementVariable');
    if (name) found.push(name);
  }
  return found;
}

// The organisation that an item of a list is, or its lead unit, and lead units that services tell.
function leads(reader) {
  const { elements, vocabulary, say } = reader;
  const around = items(reader).flatMap((name) => [
    [name, say('The item “{name}” of the list', { name })],
    [`${name}.unit`, say('The unit of the item “{name}”', { name })],
    [`${name}.lead_unit`, say('The lead unit of the item “{name}”', { name })],
  ]);
  const tells = (one) => vocabulary.services.find(({ name }) => name === one.get('ducha:service'))?.outputs.includes('lead_unit');
  const told = elements
    .filter((one) => one.$type === 'bpmn:ServiceTask' && tells(one))
    .map(({ id, name }) => [`${id}.lead_unit`, say('The lead unit from “{name}”', { name: name || id })]);
  return [...around, ...told];
}

// The roles, or the formula (such as the answer of a decision table) that gives them.
function pool(reader) {
  const { own, setOwn, say, vocabulary, variables, again } = reader;
  const lane = own('candidateGroups') ? undefined : roleOfLane(reader);
  const computed = own('candidateGroups').trim().startsWith('=');
  const kinds = [['roles', say('People with one of these roles')], [OWN, say('Roles by a formula')]];
  const change = (kind) => {
    setOwn('candidateGroups', kind === OWN ? '=[]' : '');
    again();
  };
  return [
    choice(say('Which people'), computed ? OWN : 'roles', kinds, change, { name: 'candidateGroups-kind' }),
    computed
      ? formula(say('Formula'), own('candidateGroups'), (text) => setOwn('candidateGroups', text && `=${bare(text)}`), variables(), { name: 'candidateGroups' })
      : several(say('Roles'), listed(own('candidateGroups')), roles(vocabulary), (names) => setOwn('candidateGroups', names.join(',')), { name: 'candidateGroups', find: say('Find in the list') }),
    lane && press(say('As its lane says: {name}', { name: lane[1] }), () => { setOwn('candidateGroups', lane[0]); again(); }, 'candidateGroups-lane'),
  ].filter(Boolean);
}

const plain = ({ own, setOwn, variables }, name, label) =>
  formula(label, own(name), (text) => setOwn(name, bare(text)), variables(), { name });

// A choice among formulas that have words, and the formula itself for what has none.
export function offered({ own, setOwn, say, variables, again }, name, label, options, more = {}) {
  const value = bare(own(name));
  const alike = (key) => key.replaceAll('"', "'") === value.replaceAll('"', "'");
  const known = options.find(([key]) => alike(key));
  const change = (key) => {
    setOwn(name, key === OWN ? `=${value || 'null'}` : key && `=${key}`);
    again();
  };
  const written = known && value !== 'null' ? known[0] : OWN;
  const found = document.createElement('div');
  found.append(choice(label, written, [...options, [OWN, say('By a formula')]], change, { name, ...more }));
  if (written === OWN) {
    found.append(formula(say('Formula'), value, (text) => setOwn(name, text && `=${bare(text)}`), variables(), { name: `${name}-formula` }));
  }
  return found;
}

export function others({ elements, object }) {
  return elements
    .filter((one) => one.$type === 'bpmn:UserTask' && one !== object)
    .map(({ id, name }) => [id, name || id]);
}

function form(reader) {
  const { office, own, setOwn, object, process, vocabulary, say, again, modeler } = reader;
  const ownName = `${process?.id}/${object.id}`;
  const exists = (name) => vocabulary.forms.some((one) => one.name === name);
  const options = vocabulary.forms.filter(({ name }) => name !== ownName).map(({ name, title }) => [name, `${title} (${name})`]);
  const change = (name) => {
    setOwn('form', name);
    again();
  };
  const parts = [choice(say('Form'), own('form'), [['', say('A form of its own')], ...options], change, { name: 'form', find: say('Find in the list') })];
  if (!own('form') && !exists(ownName)) {
    const make = () => modeler.get('eventBus').fire('ducha.form.wanted', { form: ownName, title: object.name || object.id });
    parts.push(hint(say('It has none yet. Every form has an opinion and attachments; fields are added in the form designer.')), press(say('Make its form'), make, 'make-form'));
  } else {
    const shown = vocabulary.forms.find(({ name }) => name === (own('form') || ownName));
    const labels = shown?.fields.map(({ label }) => label).join('、');
    parts.push(hint(labels ? say('It asks for: {names}', { names: labels }) : say('It asks for an opinion and attachments only.')));
    parts.push(opened(reader, say('Open the form'), office.formPage(own('form') || ownName)));
  }
  return parts;
}

const COUNTED = new RegExp(`^(?:(wd|cd)\\(${COUNT}\\)|P(\\d+)D)$`);
const AROUND = /^(wd|cd)\((-?\d+), (\w+\.\w+)\)$/;
const TYPES = { wd: ['working_days'], cd: ['calendar_days'], P: [] };

function due(reader) {
  const { own, setOwn, say, fields, variables, again } = reader;
  const value = bare(own('due'));
  const [, named, counted, whole] = COUNTED.exec(value) ?? [];
  const unit = named ?? (whole ? 'P' : undefined);
  const dates = [...fields('date', 'datetime'), ...reader.told(DATES)].map(([path, words]) => [path, say('On the day in the field “{name}”', { name: words })]);
  const around = AROUND.exec(value);
  const kinds = [
    ['', say('No date')], ['wd', say('Working days after it opens')], ['cd', say('Days after it opens')],
    ...(unit === 'P' ? [['P', say('Days after it opens, to the minute')]] : []), ...dates,
    ...(dates.length ? [['around', say('Some days before or after the day in a field')]] : []), [OWN, say('By a formula')],
  ];
  const kind = unit ?? (around ? 'around' : value === '' || dates.some(([path]) => path === value) ? value : OWN);
  const change = (key) => {
    const written = { wd: 'wd(3)', cd: 'cd(5)', around: `=wd(-1, ${dates[0]?.[0]})`, [OWN]: `=${value || 'wd(3)'}` }[key] ?? (key && `=${key}`);
    setOwn('due', written);
    again();
  };
  const parts = [choice(say('Due'), kind, kinds, change, { name: 'due' })];
  const write = (count) => setOwn('due', unit === 'P' ? `P${count}D` : `${unit}(${count})`);
  if (unit) parts.push(...days(reader, say('How many days'), counted ?? whole, write, { name: 'due-days', types: TYPES[unit] }));
  if (around) parts.push(...nearby(reader, around, [...fields('date', 'datetime'), ...reader.told(DATES)], (text) => setOwn('due', `=${text}`)));
  if (kind === OWN) parts.push(formula(say('Formula'), value, (text) => setOwn('due', text && `=${bare(text)}`), variables(), { name: 'due-formula' }));
  return parts;
}
