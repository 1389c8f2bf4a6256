// What a step does without a person: a service, a decision table, another process, a script.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, formula, link, pairs } from '../inputs.js';

const BEGINS = ['title', 'org', 'task_code']; // what every process may be given

export function work(reader) {
  const { element, object, office, vocabulary, say, own, set, setOwn } = reader;
  if (is(element, 'bpmn:ScriptTask')) return script(reader);
  if (is(element, 'bpmn:CallActivity')) {
    const change = (name) => set({ calledElement: name || undefined });
    return chosen(reader, say('Process that is called'), object.calledElement ?? '', vocabulary.processes, change, BEGINS);
  }
  const attribute = is(element, 'bpmn:ServiceTask') ? 'service' : 'decision';
  const known = attribute === 'service' ? vocabulary.services : vocabulary.decisions;
  const label = say(attribute === 'service' ? 'Service' : 'Decision table');
  const parts = chosen(reader, label, own(attribute), known, (name) => setOwn(attribute, name));
  const table = attribute === 'decision' && known.some(({ name }) => name === own('decision'));
  if (table) parts.splice(1, 0, link(say('Open the decision table'), office.tablePage(own('decision'))));
  return parts;
}

function chosen(reader, label, now, known, write, offered) {
  const { say, again } = reader;
  const options = known.map(({ name, title }) => [name, title === name ? name : `${title} (${name})`]);
  const entry = known.find(({ name }) => name === now);
  const change = (name) => {
    write(name);
    again();
  };
  return [
    choice(label, now, [['', say('Choose one')], ...options], change, { name: 'chosen' }),
    inputs(reader, offered ?? entry?.inputs ?? []),
    answers(reader, entry?.outputs ?? []),
  ];
}

function inputs({ extensions, setPairs, variables, say, again }, offered) {
  const now = extensions('ducha:Input').map(({ name, value }) => [name, value]);
  const shown = new Set([...offered, ...now.map(([name]) => name)]);
  const change = (made) => {
    setPairs('ducha:Input', made);
    if (made.some(([name]) => !shown.has(name))) again();
  };
  return pairs(say('What it is given'), now, offered, variables(), change, say, { free: true, name: 'input' });
}

function answers({ object, say }, outputs) {
  if (!outputs.length) return null;
  const list = document.createElement('ul');
  for (const name of outputs) {
    const item = document.createElement('li');
    const code = document.createElement('code');
    code.textContent = `${object.id}.${name}`;
    item.append(code);
    list.append(item);
  }
  return box(say('What it answers with'), list);
}

const script = ({ object, set, say, variables }) => [
  formula(say('Script'), object.script ?? '', (text) => set({ script: text || undefined }), variables(), {
    name: 'script', kind: 'script', hint: say('Lines of “name = formula”'),
  }),
];
