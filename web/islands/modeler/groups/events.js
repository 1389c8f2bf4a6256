// What an event waits for or says: a message, a signal, an error, a time; by which key, and what it carries.
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, formula, hint, line, pairs, tick } from '../inputs.js';
import { givenWords } from '../variables.js';
import { offered } from './people.js';
import { time } from './times.js';

// type of the definition, its reference, type of what it refers to, its code, list of the vocabulary, word
const NAMED = [
  ['bpmn:MessageEventDefinition', 'messageRef', 'bpmn:Message', 'name', 'messages', 'Message'],
  ['bpmn:SignalEventDefinition', 'signalRef', 'bpmn:Signal', 'name', 'signals', 'Signal'],
  ['bpmn:ErrorEventDefinition', 'errorRef', 'bpmn:Error', 'errorCode', 'errors', 'Error'],
  ['bpmn:EscalationEventDefinition', 'escalationRef', 'bpmn:Escalation', 'escalationCode', 'escalations', 'Escalation'],
];
const KEYED = ['Message', 'Signal'];
const THROWS = ['bpmn:ThrowEvent', 'bpmn:SendTask'];

export function events(reader) {
  const { element, object, say } = reader;
  const task = isAny(element, ['bpmn:SendTask', 'bpmn:ReceiveTask']);
  const definition = (object.eventDefinitions ?? [])[0];
  const starts = is(element, 'bpmn:StartEvent') && object.$parent.$type === 'bpmn:Process';
  const parts = [interrupts(reader)];
  if (definition?.$type === 'bpmn:TimerEventDefinition') parts.push(...time(reader, definition), starts && asks(reader));
  if (definition?.$type === 'bpmn:LinkEventDefinition') parts.push(link(reader, definition));
  const row = task ? NAMED[0] : NAMED.find(([type]) => definition?.$type === type);
  if (row) parts.push(named(reader, task ? object : definition, row));
  if (row && KEYED.includes(row[5])) {
    if (!starts) parts.push(key(reader));
    if (isAny(element, THROWS)) parts.push(row[5] === 'Message' && receiver(reader), payload(reader));
  }
  if (starts && definition) parts.push(line(say('One case for each item of this list'), reader.own('each'), (text) => reader.setOwn('each', text), { name: 'each', pattern: '[A-Za-z][A-Za-z0-9_]*', hint: say('A list in what is received; empty: one case') }));
  return parts;
}

// Whether what goes on is ended by it: of an event on the edge of a step, and of one that starts an event sub-process.
function interrupts({ element, object, modeling, say, again }) {
  const edge = is(element, 'bpmn:BoundaryEvent');
  const inside = is(element, 'bpmn:StartEvent') && object.$parent.triggeredByEvent;
  if ((!edge && !inside) || object.eventDefinitions?.[0]?.$type === 'bpmn:ErrorEventDefinition') return null;
  const name = edge ? 'cancelActivity' : 'isInterrupting';
  const words = say(edge ? 'It ends the step' : 'It ends what goes on around it');
  const change = (value) => {
    modeling.updateProperties(element, { [name]: value });
    again();
  };
  return tick(words, object[name] !== false, change, { name: 'interrupts' });
}

function named({ element, modeling, factory, root, vocabulary, say, again }, holder, [, ref, type, attribute, kind, label]) {
  const known = root.rootElements.filter(({ $type }) => $type === type);
  const called = (one) => one?.[attribute] ?? one?.name ?? '';
  const names = [...new Set([...known.map(called), ...(vocabulary[kind] ?? [])])].filter(Boolean);
  const choose = (name) => {
    if (!name) return;
    let found = known.find((one) => called(one) === name);
    if (!found) {
      found = factory.create(type, { name, ...(attribute === 'name' ? {} : { [attribute]: name }) });
      found.$parent = root;
      modeling.updateModdleProperties(element, root, { rootElements: [...root.rootElements, found] });
    }
    modeling.updateModdleProperties(element, holder, { [ref]: found });
    again();
  };
  const now = called(holder[ref]);
  const talk = vocabulary.talk[now];
  return box(
    say(label),
    choice(say(label), now, [['', say('Choose one')], ...names.map((name) => [name, about(name, vocabulary)])], choose, { name: 'named', find: say('Find in the list') }),
    talk && hint(say('Sent by: {sent}. Waited for by: {awaited}.', { sent: talk.sent.join('、') || '—', awaited: talk.awaited.join('、') || '—' })),
    line(say('Or a new one called'), '', choose, { name: 'named-new' }),
  );
}

// A message with the processes that use it: its name alone says little.
function about(name, { talk }) {
  const { sent = [], awaited = [] } = talk[name] ?? {};
  return sent.length || awaited.length ? `${name} (${sent.join('、')} → ${awaited.join('、')})` : name;
}

const key = (reader) =>
  offered(reader, 'correlationKey', reader.say('By which key it is found'), [
    ['', reader.say('Not said')], ['instance_id', reader.say('Id of the case')],
    ...reader.comparable(reader.object).filter(([path, , { type }]) => type === 'free' && /(_id|\.id|\.key)$/.test(path)).map(([path, words]) => [path, words]),
  ], { hint: reader.say('Only who waits with the same key gets it, for example instance_id'), find: reader.say('Find in the list') });

function receiver({ own, setOwn, say, again }) {
  const choices = [['', say('The oldest that waits for it; it is kept until one does')], ['all', say('All that wait for it')], ['external', say('Another system')]];
  const change = (value) => {
    setOwn('receiver', value);
    again();
  };
  return choice(say('Who gets it'), own('receiver'), choices, change, { name: 'receiver' });
}

function payload({ extensions, setPairs, variables, say, again, vocabulary }) {
  const now = extensions('ducha:Input').map(({ name, value }) => [name, value]);
  const change = (made) => {
    setPairs('ducha:Input', made);
    if (made.length !== now.length) again();
  };
  return pairs(say('What it carries'), now, [], variables(), change, say, { free: true, name: 'input', words: { ...vocabulary.words, ...givenWords(say) } });
}

// A timer that starts a process may ask a service for what the cases begin with.
function asks({ own, setOwn, say, vocabulary, again }) {
  const known = vocabulary.services.filter(({ at_start: possible }) => possible);
  const choices = [['', say('None')], ...known.map(({ name, title }) => [name, `${title} (${name})`])];
  const change = (name) => {
    setOwn('service', name);
    again();
  };
  return choice(say('The service that is asked what to begin with'), own('service'), choices, change, { name: 'service', find: say('Find in the list') });
}

function link({ element, modeling, say }, definition) {
  const change = (name) => modeling.updateModdleProperties(element, definition, { name: name || undefined });
  return line(say('The name that both ends of the link have'), definition.name ?? '', change, { name: 'link' });
}
