// What an event waits for or says: a message, a signal, an error, a time; by which key, and what it carries.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, formula, line, pairs } from '../inputs.js';

const NAMED = [
  ['bpmn:MessageEventDefinition', 'messageRef', 'bpmn:Message', 'name', 'messages', 'Message'],
  ['bpmn:SignalEventDefinition', 'signalRef', 'bpmn:Signal', 'name', 'signals', 'Signal'],
  ['bpmn:ErrorEventDefinition', 'errorRef', 'bpmn:Error', 'errorCode', 'errors', 'Error'],
];
const TIMES = [
  ['timeDate', 'A date', '2013-05-06T17:30'],
  ['timeDuration', 'A duration', 'wd(3)'],
  ['timeCycle', 'Again and again', 'R/wd(1)'],
];
const NEW = '…';

export function events(reader) {
  const { object } = reader;
  const definitions = object.eventDefinitions ?? [];
  const task = is(reader.element, 'bpmn:SendTask') || is(reader.element, 'bpmn:ReceiveTask');
  const [definition] = definitions;
  const row = task ? NAMED[0] : NAMED.find(([type]) => definition?.$type === type);
  if (definition?.$type === 'bpmn:TimerEventDefinition') return time(reader, definition);
  if (!row) return [];
  const holder = task ? object : definition;
  return [named(reader, holder, row), ...(row[5] === 'Error' ? [] : [key(reader), payload(reader)])];
}

function named({ element, modeling, factory, root, vocabulary, say, again }, holder, [, ref, type, attribute, kind, label]) {
  const known = root.rootElements.filter(({ $type }) => $type === type);
  const now = holder[ref]?.[attribute] ?? holder[ref]?.name ?? '';
  const names = [...new Set([...known.map((one) => one[attribute] ?? one.name), ...vocabulary[kind]])].filter(Boolean);
  const choose = (name) => {
    const found = known.find((one) => (one[attribute] ?? one.name) === name) ?? create(name);
    modeling.updateModdleProperties(element, holder, { [ref]: found });
    again();
  };
  const create = (name) => {
    const made = factory.create(type, { name, ...(attribute === 'errorCode' ? { errorCode: name } : {}) });
    made.$parent = root;
    modeling.updateModdleProperties(element, root, { rootElements: [...root.rootElements, made] });
    return made;
  };
  const options = [['', say('Choose one')], ...names.map((name) => [name, name])];
  return box(
    say(label),
    choice(say(label), now, options, (name) => name && choose(name)),
    line(say('A new one'), '', (name) => /^\w{1,100}$/.test(name) && choose(name)),
  );
}

const key = ({ own, setOwn, say, variables }) =>
  formula(say('By which key it is found'), own('correlationKey'), (text) => setOwn('correlationKey', text), variables());

function payload({ element, extensions, setPairs, variables, say }) {
  const throws = ['bpmn:ThrowEvent', 'bpmn:SendTask'].some((type) => is(element, type));
  if (!throws) return null;
  const now = extensions('ducha:Input').map(({ name, value }) => [name, value]);
  const change = (made) => setPairs('ducha:Input', made);
  return pairs(say('What it carries'), now, [], variables(), change, say, { free: true });
}

function time({ element, modeling, factory, say, variables, again }, definition) {
  const [kind, , example] = TIMES.find(([name]) => definition[name]) ?? TIMES[1];
  const write = (name, body) => {
    const made = factory.create('bpmn:FormalExpression', { body });
    made.$parent = definition;
    modeling.updateModdleProperties(element, definition, {
      timeDate: undefined, timeDuration: undefined, timeCycle: undefined, [name]: made,
    });
  };
  const change = (name) => {
    write(name, TIMES.find(([one]) => one === name)[2]);
    again();
  };
  return [
    box(
      say('Time'),
      choice(say('Time'), kind, TIMES.map(([name, words]) => [name, say(words)]), change),
      formula(say('Value'), definition[kind]?.body ?? '', (text) => write(kind, text), variables(), { hint: example }),
    ),
  ];
}
