// Name, id, what it is for and which clauses of the notice it carries out; of a process also who may start it.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, line, lines, pairs, several } from '../inputs.js';

const CLAUSES = /^\s*clause:[ \t]*(.*)$/gm;

export function general(reader) {
  const { element, object, modeling, say, process } = reader;
  if (!object) return [];
  const whole = is(element, 'bpmn:Process') || is(element, 'bpmn:Participant') || is(element, 'bpmn:Collaboration');
  const subject = whole ? process : object;
  const written = (subject.documentation ?? []).map(({ text }) => text).join('\n');
  const clauses = [...written.matchAll(CLAUSES)].map(([, names]) => names.trim()).join(' ');
  const prose = written.replace(CLAUSES, '').trim();
  const document = (text, names) => {
    const whole = [text, names && `clause: ${names}`].filter(Boolean).join('\n');
    const documentation = whole ? [reader.factory.create('bpmn:Documentation', { text: whole })] : [];
    modeling.updateModdleProperties(element, subject, { documentation });
  };
  const rename = (name) =>
    whole && !is(element, 'bpmn:Participant')
      ? modeling.updateModdleProperties(element, subject, { name })
      : modeling.updateProperties(element, { name });
  return [
    line(say('Name'), subject.name ?? '', rename),
    line(say(whole ? 'Key' : 'Id'), subject.id, (id) => renamed(reader, id), { readonly: whole }),
    lines(say('What it is for'), prose, (text) => document(text, clauses)),
    line(say('Clauses of the notice'), clauses, (names) => document(prose, names), { hint: 'S4.2d S4.6a' }),
    whole && starters(reader, subject),
    whole && outputs(reader, subject),
  ];
}

// An id that is no name, or taken, stays as it was.
function renamed({ modeler, element, modeling, again }, id) {
  const free = !modeler.get('elementRegistry').get(id) && /^[A-Za-z]\w{0,99}$/.test(id);
  if (free) modeling.updateProperties(element, { id });
  again();
}

function starters({ element, modeling, vocabulary, say }, subject) {
  const chosen = (subject.get('ducha:starterGroups') ?? '').split(',').map((one) => one.trim()).filter(Boolean);
  const change = (names) =>
    modeling.updateModdleProperties(element, subject, { 'ducha:starterGroups': names.join(',') || undefined });
  return several(say('Who may start it'), chosen, roles(vocabulary), change);
}

function outputs({ extensions, setPairs, variables, say }, subject) {
  const now = extensions('ducha:Output', subject).map(({ name, value }) => [name, value]);
  const change = (made) => setPairs('ducha:Output', made, subject);
  return pairs(say('What a caller gets back'), now, [], variables(), change, say, { free: true });
}

export const roles = (vocabulary) => vocabulary.roles.map(({ name, title }) => [name, title]);
export { box };
