// Who does a step, where, by when, with which form: by choices; a formula only where none of them fits.
import { box, choice, formula, line, several } from '../inputs.js';
import { roles } from './general.js';

const OWN = '…'; // the choice "by a formula"
const bare = (text) => text.replace(/^=/, '').trim();

export function people(reader) {
  const { own, setOwn, say, vocabulary } = reader;
  const groups = own('candidateGroups');
  const computed = groups.trim().startsWith('=');
  const chosen = computed ? [] : groups.split(',').map((one) => one.trim()).filter(Boolean);
  return [
    box(
      say('Who does it'),
      computed
        ? formula(say('Roles'), groups, (text) => setOwn('candidateGroups', text && `=${text}`), reader.variables())
        : several(say('Roles'), chosen, roles(vocabulary), (names) => setOwn('candidateGroups', names.join(','))),
      offered(reader, 'candidateOrg', say('In which organisation'), [
        ['', say('Any')],
        ['org', say('That of the case')],
        ['starter_org', say('That of who started it')],
        ...reader.fields('org').map(([path, words]) => [path, say('The organisation in the field “{name}”', { name: words })]),
      ]),
      offered(reader, 'taskCode', say('For which task'), [['', say('Any')], ['task_code', say('That of the case')]]),
      offered(reader, 'assignee', say('A certain person'), [
        ['', say('Nobody in particular')],
        ['starter', say('Who started the case')],
        ...others(reader).map(([id, name]) => [`performer('${id}')`, say('Who did the step “{name}”', { name })]),
        ...reader.fields('user').map(([path, words]) => [path, say('The person in the field “{name}”', { name: words })]),
      ]),
      several(
        say('Not the same person as in'),
        own('notSameAs').split(',').map((one) => one.trim()).filter(Boolean),
        others(reader),
        (names) => setOwn('notSameAs', names.join(',')),
      ),
    ),
    box(say('Form'), form(reader)),
    box(say('Due'), ...due(reader)),
    line(say('What tells it from others in lists'), own('subject'), (text) => setOwn('subject', text)),
  ];
}

// A choice among formulas that have words, and the formula itself for what has none.
function offered({ own, setOwn, say, variables, again }, name, label, options) {
  const value = bare(own(name));
  const known = options.find(([key]) => key.replaceAll('"', "'") === value.replaceAll('"', "'"));
  const change = (key) => {
    setOwn(name, key === OWN ? '=org' : key && `=${key}`);
    again();
  };
  const found = document.createDocumentFragment();
  found.append(choice(label, known ? known[0] : OWN, [...options, [OWN, say('By a formula')]], change));
  if (!known) found.append(formula(say('Formula'), value, (text) => setOwn(name, text && `=${text}`), variables()));
  return found;
}

function others({ elements, object }) {
  return elements
    .filter((one) => one.$type === 'bpmn:UserTask' && one !== object)
    .map(({ id, name }) => [id, name || id]);
}

function form({ own, setOwn, object, process, vocabulary, say }) {
  const ownName = `${process?.id}/${object.id}`;
  const options = vocabulary.forms.filter(({ name }) => name !== ownName).map(({ name, title }) => [name, `${title} (${name})`]);
  return choice(say('Form'), own('form'), [['', say('A form of its own')], ...options], (name) => setOwn('form', name));
}

const COUNTED = /^(wd|cd)\((\d+)\)$/;

function due({ own, setOwn, say, fields, variables, again }) {
  const value = bare(own('due'));
  const [, unit, count] = COUNTED.exec(value) ?? [];
  const dates = fields('date', 'datetime').map(([path, words]) => [path, say('On the day in the field “{name}”', { name: words })]);
  const kinds = [['', say('No date')], ['wd', say('Working days after it opens')], ['cd', say('Days after it opens')], ...dates, [OWN, say('By a formula')]];
  const kind = unit ?? (value === '' || dates.some(([path]) => path === value) ? value : OWN);
  const change = (key) => {
    const written = { wd: 'wd(3)', cd: 'cd(5)', [OWN]: '=wd(3, today())' }[key] ?? (key && `=${key}`);
    setOwn('due', written);
    again();
  };
  const parts = [choice(say('Due'), kind, kinds, change)];
  if (unit) parts.push(line(say(unit === 'wd' ? 'Working days after it opens' : 'Days after it opens'), count, (text) => /^\d{1,3}$/.test(text) && setOwn('due', `${unit}(${text})`)));
  if (kind === OWN) parts.push(formula(say('Formula'), value, (text) => setOwn('due', text && `=${text}`), variables()));
  return parts;
}
