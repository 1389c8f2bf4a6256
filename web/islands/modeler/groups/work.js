// What a step does without a person: a service, a decision table, another process, a script.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, folded, formula, line, link, pairs } from '../inputs.js';
import { givenWords } from '../variables.js';

const MANY = 12; // answers that are listed at once; more are folded away
const BEGINS = ['title', 'org', 'task_code']; // what every process may be given

export function work(reader) {
  const { element, object, office, vocabulary, say, own, set, setOwn } = reader;
  if (is(element, 'bpmn:ScriptTask')) return script(reader);
  if (is(element, 'bpmn:CallActivity')) {
    const change = (name) => set({ calledElement: name || undefined });
    const { inputs: given = [] } = vocabulary.processes.find(({ name }) => name === object.calledElement) ?? {};
    return chosen(reader, say('Process that is called'), object.calledElement ?? '', vocabulary.processes, change, [...new Set([...BEGINS, ...given])]);
  }
  const attribute = is(element, 'bpmn:ServiceTask') ? 'service' : 'decision';
  const known = attribute === 'service' ? vocabulary.services : vocabulary.decisions;
  const label = say(attribute === 'service' ? 'Service that does it' : 'Decision table');
  const parts = chosen(reader, label, own(attribute), known, (name) => setOwn(attribute, name));
  const table = attribute === 'decision' && known.some(({ name }) => name === own('decision'));
  if (table) parts.splice(1, 0, opened(reader, say('Open the decision table'), office.tablePage(own('decision'))));
  else if (attribute === 'decision') parts.splice(1, 0, make(reader));
  return parts;
}

// A table of its own for the step: made at once, with its first column to be filled on its page.
function make(reader) {
  const { object, office, vocabulary, say, setOwn, again, modeler } = reader;
  const create = async (key) => {
    if (!key) return;
    if (vocabulary.decisions.some(({ name }) => name === key)) {
      setOwn('decision', key);
      again();
      return;
    }
    if (await office.makeTable(key, object.name || key)) {
      vocabulary.decisions.push({ name: key, title: object.name || key, inputs: [], outputs: [] });
      setOwn('decision', key);
    } else modeler.get('eventBus').fire('ducha.told', { words: say('The table could not be made. Try again with another id.') });
    again();
  };
  return line(say('Or a new one called'), '', create, { name: 'make-table', pattern: '[A-Za-z][A-Za-z0-9_]*', hint: say('Letters, digits and _') });
}

// A page of the draft: what is drawn is saved before one goes there.
export function opened({ modeler }, words, address) {
  const found = link(words, address);
  found.addEventListener('click', (event) => {
    event.preventDefault();
    modeler.get('eventBus').fire('ducha.leave', { address });
  });
  return found;
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
    choice(label, now, [['', say('Choose one')], ...options], change, { name: 'chosen', find: say('Find in the list') }),
    inputs(reader, offered ?? entry?.inputs ?? []),
    answers(reader, entry ?? { outputs: [] }),
  ];
}

function inputs({ extensions, setPairs, variables, say, again, vocabulary }, offered) {
  const now = extensions('ducha:Input').map(({ name, value }) => [name, value]);
  const shown = new Set([...offered, ...now.map(([name]) => name)]);
  const change = (made) => {
    setPairs('ducha:Input', made);
    if (made.some(([name]) => !shown.has(name))) again();
  };
  return pairs(say('What it is given'), now, offered, variables(), change, say, { free: true, name: 'input', words: { ...vocabulary.words, ...givenWords(say) } });
}

function answers({ object, say, vocabulary }, { outputs, labels = {} }) {
  if (!outputs.length) return null;
  const list = document.createElement('ul');
  for (const name of outputs) {
    const item = document.createElement('li');
    const code = document.createElement('code');
    code.textContent = `${object.id}.${name}`;
    const words = labels[name] ?? vocabulary.words[name];
    item.append(...(words ? [`${words} `] : []), code);
    list.append(item);
  }
  if (outputs.length <= MANY) return box(say('What it answers with'), list);
  return box(say('What it answers with'), folded(say('{count} values', { count: outputs.length }), list));
}

const script = ({ object, set, say, variables }) => [
  formula(say('Script'), object.script ?? '', (text) => set({ script: text || undefined }), variables(), {
    name: 'script', kind: 'script', hint: say('Lines of “name = formula”'),
  }),
];
