// Name, id, what it is for and which clauses of the notice it carries out; of a process also who may start it.
import { getLabel } from 'bpmn-js/lib/util/LabelUtil';
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { isGiven } from '../ids.js';
import { choice, folded, line, lines, pairs, press, several } from '../inputs.js';

const CLAUSES = /^\s*clause:[ \t]*(.*)$/gm;
const WHOLE = ['bpmn:Process', 'bpmn:Participant', 'bpmn:Collaboration'];
const WRITTEN = ['bpmn:TextAnnotation', 'bpmn:Group'];
const CLASSES = [['', 'Not said'], ['public', 'Public'], ['internal', 'Internal'], ['work_secret', 'Work secret']];

export function general(reader) {
  const { element, object, say, process } = reader;
  const whole = isAny(element, WHOLE);
  const subject = whole && !is(element, 'bpmn:Participant') ? process : object;
  if (!subject || isAny(element, WRITTEN)) return [written(reader)];
  const suggested = suggestion(reader, subject, whole);
  const called = (name) => {
    rename(reader, subject, name);
    suggested.offer();
  };
  return [
    line(say('Name'), named(element, subject), called, { name: 'name' }),
    line(say(whole ? 'Key of the process' : 'Id'), subject.id, (id) => renamed(reader, id), {
      name: 'id', readonly: whole, pattern: '[A-Za-z][A-Za-z0-9_]{0,99}', hint: whole ? '' : say('Formulas call it so: {id}', { id: subject.id }),
    }),
    suggested.place,
    ...documented(reader, subject),
    whole && carriedOut(reader, subject),
    whole && starters(reader, subject),
    whole && secrecy(reader, subject),
    whole && outputs(reader, subject),
  ];
}

// What has a text on the drawing and nothing else: a note, a group, the pool of somebody else.
function written({ element, modeler, say }) {
  return lines(say('Text'), getLabel(element) ?? '', (text) => modeler.get('modeling').updateLabel(element, text), { name: 'name', rows: 2 });
}

// Below the id: one that says more, for what nobody has named yet. Without an answer the id stays as it is.
function suggestion(reader, subject, whole) {
  const { element, office, modeler, say } = reader;
  const place = document.createElement('div');
  const ask = async () => {
    if (whole || !subject.name || !isGiven(subject.id) || !is(element, 'bpmn:FlowNode')) return;
    const { xml } = await modeler.saveXML();
    const { id } = await office.suggested(subject.name, subject.$type, xml);
    const offered = id && !isGiven(id) ? [press(say('Call it {id}', { id }), () => renamed(reader, id), 'id-suggested')] : [];
    place.replaceChildren(...offered);
  };
  const offer = () => ask().catch(() => {});
  offer();
  return { place, offer };
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
function renamed({ modeler, element, object, process, vocabulary, own, say, again }, id) {
  const free = !modeler.get('elementRegistry').get(id) && /^[A-Za-z]\w{0,99}$/.test(id);
  if (!free && id !== object.id) modeler.get('eventBus').fire('ducha.told', { words: say('“{id}” is taken or can’t be an id. It stays as it was.', { id }) });
  if (free && id !== object.id) {
    const form = `${process?.id}/${object.id}`;
    const ownForm = is(element, 'bpmn:UserTask') && !own('form') && vocabulary.forms.some(({ name }) => name === form) && form;
    modeler.get('commandStack').execute('ducha.rename', { element, object, process, id, ownForm });
  }
  again();
}

function documented({ element, factory, modeling, vocabulary, say }, subject) {
  const written = () => (subject.documentation ?? []).map(({ text }) => text).join('\n');
  const clauses = () => [...written().matchAll(CLAUSES)].map(([, names]) => names.trim()).join(' ');
  const prose = () => written().replace(CLAUSES, '').trim();
  const write = (text, names) => {
    const whole = [text, names && `clause: ${names}`].filter(Boolean).join('\n');
    const documentation = whole ? [factory.create('bpmn:Documentation', { text: whole })] : [];
    for (const one of documentation) one.$parent = subject;
    modeling.updateModdleProperties(element, subject, { documentation });
  };
  const offered = vocabulary.clauses.map(({ name, title }) => [name, `${name} ${title}`]);
  const chosen = clauses().split(/[\s,]+/).filter(Boolean);
  const carried = several(say('Clauses of the notice'), chosen, offered, (names) => write(prose(), names.join(' ')), { name: 'clauses', find: say('Find in the list') });
  return [
    lines(say('What it is for'), prose(), (text) => write(text, clauses()), { name: 'documentation' }),
    folded(chosen.length ? say('Clauses of the notice: {names}', { names: chosen.join(' ') }) : say('Clauses of the notice'), carried),
  ];
}

function starters({ element, modeling, vocabulary, say }, subject) {
  const chosen = listed(subject.get('ducha:starterGroups'));
  const change = (names) =>
    modeling.updateModdleProperties(element, subject, { 'ducha:starterGroups': names.join(',') || undefined });
  return several(say('Who may start it'), chosen, roles(vocabulary), change, { name: 'starterGroups', find: say('Find in the list') });
}

// One process of a file is carried out; what other tools have drawn is often marked as a picture only.
function carriedOut({ element, modeling, say }, subject) {
  const change = (value) => modeling.updateModdleProperties(element, subject, { isExecutable: value === 'true' });
  const choices = [['true', say('It is carried out')], ['false', say('It is only drawn')]];
  return choice(say('What becomes of it'), String(subject.isExecutable !== false), choices, change, { name: 'executable' });
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
