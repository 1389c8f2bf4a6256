// What a step does without a person: a service, a decision table, another process, a script.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, lines, pairs } from '../inputs.js';

export function work(reader) {
  if (is(reader.element, 'bpmn:ScriptTask')) return script(reader);
  if (is(reader.element, 'bpmn:CallActivity')) return called(reader);
  return is(reader.element, 'bpmn:ServiceTask')
    ? chosen(reader, 'service', reader.vocabulary.services, reader.say('Service'))
    : chosen(reader, 'decision', reader.vocabulary.decisions, reader.say('Decision table'));
}

function chosen(reader, attribute, known, label) {
  const { own, setOwn, say, again } = reader;
  const options = known.map(({ name, title }) => [name, title === name ? name : `${title} (${name})`]);
  const entry = known.find(({ name }) => name === own(attribute));
  const change = (name) => {
    setOwn(attribute, name);
    again();
  };
  return [
    choice(label, own(attribute), [['', say('Choose one')], ...options], change),
    inputs(reader, entry?.inputs ?? []),
    answers(reader, entry?.outputs ?? []),
  ];
}

function called(reader) {
  const { object, set, say, again, vocabulary } = reader;
  const options = vocabulary.processes.map(({ name, title }) => [name, `${title} (${name})`]);
  const change = (name) => {
    set({ calledElement: name || undefined });
    again();
  };
  const entry = vocabulary.processes.find(({ name }) => name === object.calledElement);
  return [
    choice(say('Process that is called'), object.calledElement ?? '', [['', say('Choose one')], ...options], change),
    inputs(reader, [], { free: true }),
    answers(reader, entry?.outputs ?? []),
  ];
}

function inputs({ extensions, setPairs, variables, say }, offered, options = {}) {
  const now = extensions('ducha:Input').map(({ name, value }) => [name, value]);
  return pairs(say('What it is given'), now, offered, variables(), (made) => setPairs('ducha:Input', made), say, options);
}

function answers({ object, say }, outputs) {
  if (!outputs.length) return null;
  const list = document.createElement('ul');
  for (const name of outputs) {
    const item = document.createElement('li');
    item.textContent = `${object.id}.${name}`;
    list.append(item);
  }
  return box(say('What it answers with'), list);
}

const script = ({ object, set, say }) => [
  lines(say('Script'), object.script ?? '', (text) => set({ script: text || undefined }), { hint: say('Lines of “name = formula”') }),
];
