// How often a step is done: for each item of a list, or a number of times; and when that is enough.
import { box, choice, formula, line } from '../inputs.js';

const SHARE = /^nrOfCompletedInstances\s*\/\s*nrOfInstances\s*>=\s*(0?\.\d+|1)$/;

export function loops(reader) {
  const { object, say } = reader;
  const loop = object.loopCharacteristics;
  if (loop?.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return [];
  const collection = loop.get('ducha:collection') ?? '';
  const count = loop.loopCardinality?.body ?? '';
  const lists = reader.fields('orgs', 'users', 'refs', 'table', 'multi').map(([path, words]) => [path, words]);
  const set = (values) => reader.modeling.updateModdleProperties(reader.element, loop, values);
  const expression = (body) => {
    const made = body ? reader.factory.create('bpmn:FormalExpression', { body }) : undefined;
    if (made) made.$parent = loop;
    return made;
  };
  return [
    box(
      say('Several times'),
      formula(say('For each item of'), collection, (text) => set({ 'ducha:collection': text || undefined }), [...lists, ...reader.variables()]),
      line(say('The item is called'), loop.get('ducha:elementVariable') ?? '', (text) => set({ 'ducha:elementVariable': text || undefined })),
      formula(say('As many times as'), count, (text) => set({ loopCardinality: expression(text) }), reader.variables()),
      ...enough(reader, loop.completionCondition?.body ?? '', (text) => set({ completionCondition: expression(text) })),
    ),
  ];
}

function enough({ say, again, variables }, text, change) {
  const [, share] = SHARE.exec(text) ?? [];
  const kind = !text ? 'all' : share ? 'share' : /^nrOfCompletedInstances\s*>=\s*1$/.test(text) ? 'one' : 'own';
  const kinds = [
    ['all', say('all have done it')],
    ['one', say('one has done it')],
    ['share', say('at least this share has done it')],
    ['own', say('By a formula')],
  ];
  const written = { all: '', one: 'nrOfCompletedInstances >= 1', share: 'nrOfCompletedInstances / nrOfInstances >= 0.5', own: text || 'false' };
  const parts = [
    choice(say('It is done when'), kind, kinds, (chosen) => {
      change(written[chosen]);
      again();
    }),
  ];
  if (kind === 'share') parts.push(line(say('Value'), share, (value) => /^(0?\.\d+|1)$/.test(value) && change(`nrOfCompletedInstances / nrOfInstances >= ${value}`)));
  if (kind === 'own') parts.push(formula(say('Formula'), text, change, variables()));
  return parts;
}
