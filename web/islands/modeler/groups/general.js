// Name, id, what it is for and which clauses of the notice it carries out; of a process also who may start it.
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { choice, line, lines, pairs, several } from '../inputs.js';

const CLAUSES = /^\s*clause:[ \t]*(.*)$/gm;
const WHOLE = ['bpmn:Process', 'bpmn:Participant', 'bpmn:Collaboration'];
const CLASSES = [['', 'Not said'], ['public', 'Public'], ['internal', 'Internal'], ['work_secret', 'Work secret']];

export function general(reader) {
  const { element, object, say, process } = reader;
  const whole = isAny(element, WHOLE);
  const subject = whole && !is(element, 'bpmn:Participant') ? process : object;
  if (!subject) return [line(say('Name'), reader.element.businessObject.name ?? '', (name) => reader.modeling.updateProperties(element, { name }), { name: 'name' })];
  return [
    line(say('Name'), named(element, subject), (name) => rename(reader, subject, name), { name: 'name' }),
    line(say(whole ? 'Key of the process' : 'Id'), subject.id, (id) => renamed(reader, id), {
      name: 'id', readonly: whole, pattern: '[A-Za-z][A-Za-z0-9_]{0,99}', hint: whole ? '' : say('Formulas call it so: {id}', { id: subject.id }),
    }),
    ...documented(reader, subject),
    whole && starters(reader, subject),
    whole && secrecy(reader, subject),
    whole && outputs(reader, subject),
  ];
}

const named = (element, subject) => (is(element, 'bpmn:Participant') ? element.businessObject.name : subject.name) ?? '';

// The name of a pool is that of its process: people see one of them.
function rename({ element, modeling }, subject, name) {
  if (!isAny(element, WHOLE)) modeling.updateProperties(element, { name });
  else {
    modeling.updateModdleProperties(element, subject, { name });
    if (is(element, 'bpmn:Participant')) modeling.updateProperties(element, { name });
  }
}

// An id that is no name, or taken, stays as it was. A form that is named after the step stays its form.
function renamed({ modeler, element, object, process, vocabulary, own, again }, id) {
  const free = !modeler.get('elementRegistry').get(id) && /^[A-Za-z]\w{0,99}$/.test(id);
  if (free && id !== object.id) {
    const form = `${process?.id}/${object.id}`;
    const ownForm = is(element, 'bpmn:UserTask') && !own('form') && vocabulary.forms.some(({ name }) => name === form) && form;
    modeler.get('commandStack').execute('ducha.rename', { element, object, process, id, ownForm });
  }
  again();
}

function documented({ element, factory, modeling, say }, subject) {
  const written = () => (subject.documentation ?? []).map(({ text }) => text).join('\n');
  const clauses = () => [...written().matchAll(CLAUSES)].map(([, names]) => names.trim()).join(' ');
  const prose = () => written().replace(CLAUSES, '').trim();
  const write = (text, names) => {
    const whole = [text, names && `clause: ${names}`].filter(Boolean).join('\n');
    const documentation = whole ? [factory.create('bpmn:Documentation', { text: whole })] : [];
    for (const one of documentation) one.$parent = subject;
    modeling.updateModdleProperties(element, subject, { documentation });
  };
  return [
    lines(say('What it is for'), prose(), (text) => write(text, clauses()), { name: 'documentation' }),
    line(say('Clauses of the notice'), clauses(), (names) => write(prose(), names), { name: 'clauses', hint: say('For example S4.2d S4.6a') }),
  ];
}

function starters({ element, modeling, vocabulary, say }, subject) {
  const chosen = listed(subject.get('ducha:starterGroups'));
  const change = (names) =>
    modeling.updateModdleProperties(element, subject, { 'ducha:starterGroups': names.join(',') || undefined });
  return several(say('Who may start it'), chosen, roles(vocabulary), change, { name: 'starterGroups' });
}

function secrecy({ element, modeling, say }, subject) {
  const change = (value) => modeling.updateModdleProperties(element, subject, { 'ducha:classification': value || undefined });
  const choices = CLASSES.map(([value, words]) => [value, say(words)]);
  return choice(say('Classification'), subject.get('ducha:classification') ?? '', choices, change, { name: 'classification' });
}

function outputs({ extensions, setPairs, variables, say, again }, subject) {
  const now = extensions('ducha:Output', subject).map(({ name, value }) => [name, value]);
  const change = (made) => {
    setPairs('ducha:Output', made, subject);
    if (made.length !== now.length) again();
  };
  return pairs(say('What a caller gets back'), now, [], variables(), change, say, { free: true, name: 'output' });
}

export const roles = (vocabulary) => vocabulary.roles.map(({ name, title }) => [name, title]);
export const listed = (text) => (text ?? '').split(',').map((one) => one.trim()).filter(Boolean);
