// How often a step is done: once, for each item of a list, or a number of times; and when that is enough.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, formula, line, number, pairs } from '../inputs.js';

const LOOP = 'bpmn:MultiInstanceLoopCharacteristics';
const SHARE = /^nrOfCompletedInstances\s*\/\s*nrOfInstances\s*>=\s*(0?\.\d+|1)$/;
const OWN = '…'; // the choice "by a formula"
const LISTS = ['orgs', 'users', 'refs', 'table', 'multi'];

export function loops(reader) {
  const { element, object, say, again, modeling, factory } = reader;
  if (object.triggeredByEvent) return [];
  const loop = object.loopCharacteristics?.$type === LOOP ? object.loopCharacteristics : null;
  const kind = !loop ? 'once' : loop.isSequential ? 'turn' : 'together';
  const kinds = [['once', say('Once')], ['together', say('Several times, all at once')], ['turn', say('Several times, one after the other')]];
  const change = (chosen) => {
    const isSequential = chosen === 'turn';
    if (chosen === 'once') modeling.updateProperties(element, { loopCharacteristics: undefined });
    else if (loop) modeling.updateModdleProperties(element, loop, { isSequential });
    else {
      const made = factory.create(LOOP, { isSequential, 'ducha:collection': reader.fields(...LISTS)[0]?.[0], 'ducha:elementVariable': 'item' });
      made.$parent = object;
      modeling.updateProperties(element, { loopCharacteristics: made });
    }
    again();
  };
  return [box(say('How often'), choice(say('How often'), kind, kinds, change, { name: 'loop' }), ...(loop ? asked(reader, loop) : []))];
}

function asked(reader, loop) {
  const { element, modeling, say, again, variables, expression } = reader;
  const set = (values) => modeling.updateModdleProperties(element, loop, values);
  const count = loop.loopCardinality?.body;
  const lists = reader.fields(...LISTS).map(([path, words]) => [path, words]);
  const turn = (kind) => {
    if (kind === 'count') set({ 'ducha:collection': undefined, 'ducha:elementVariable': undefined, loopCardinality: expression('2', loop) });
    else set({ loopCardinality: undefined, 'ducha:collection': lists[0]?.[0], 'ducha:elementVariable': 'item' });
    again();
  };
  const kinds = [['list', say('For each item of a list')], ['count', say('A number of times')]];
  const parts = [choice(say('By what'), count ? 'count' : 'list', kinds, turn, { name: 'loop-by' })];
  if (count) parts.push(formula(say('As many times as'), count, (text) => set({ loopCardinality: expression(text, loop) }), variables(), { name: 'loop-count' }));
  else {
    parts.push(
      ...listOf(reader, loop, lists, (text) => set({ 'ducha:collection': text || undefined })),
      line(say('The item is called'), loop.get('ducha:elementVariable') ?? '', (text) => set({ 'ducha:elementVariable': text || undefined }), { name: 'loop-item', pattern: '[A-Za-z][A-Za-z0-9_]*' }),
    );
  }
  const enoughAt = loop.completionCondition?.body ?? '';
  if (!loop.get('ducha:agree')) parts.push(...enough(reader, enoughAt, (text) => set({ completionCondition: expression(text, loop) })));
  if (is(element, 'bpmn:SubProcess')) parts.push(kept(reader));
  return parts;
}

// A list that a form asks for or a service gives; a formula for any other.
function listOf(reader, loop, lists, write) {
  const { say, again, variables } = reader;
  const value = (loop.get('ducha:collection') ?? '').replace(/^=/, '').trim();
  const given = reader.comparable(reader.object).filter(([, , { type }]) => type === 'free').map(([path, words]) => [path, words]);
  const offered = [...lists, ...given];
  const known = offered.some(([path]) => path === value);
  const change = (path) => {
    write(path === OWN ? value || '[]' : path);
    again();
  };
  const parts = [choice(say('The list'), known || !value ? value : OWN, [['', say('Choose one')], ...offered, [OWN, say('By a formula')]], change, { name: 'loop-from', find: say('Find in the list') })];
  if (!known && value) parts.push(formula(say('Formula'), value, (text) => write(text), variables(), { name: 'loop-list' }));
  return parts;
}

function enough({ say, again, variables }, text, change) {
  const [, share] = SHARE.exec(text) ?? [];
  const kind = !text ? 'all' : share ? 'share' : /^nrOfCompletedInstances\s*>=\s*1$/.test(text) ? 'one' : 'own';
  const kinds = [
    ['all', say('all have done it')], ['one', say('one has done it')],
    ['share', say('at least this share has done it')], ['own', say('By a formula')],
  ];
  const of = (percent) => `nrOfCompletedInstances / nrOfInstances >= ${percent / 100}`;
  const written = { all: '', one: 'nrOfCompletedInstances >= 1', share: of(50), own: `(${text || 'false'})` };
  const choose = (chosen) => {
    change(written[chosen]);
    again();
  };
  const parts = [choice(say('It is done when'), kind, kinds, choose, { name: 'loop-until' })];
  if (kind === 'share') parts.push(number(say('Share in per cent'), Math.round(share * 100), (percent) => change(of(percent)), { name: 'loop-share', min: 1, max: 100 }));
  if (kind === 'own') parts.push(formula(say('Formula'), text, change, variables(), { name: 'loop-until-formula' }));
  return parts;
}

// What a sub-process keeps of each round; without one, all its variables.
function kept({ extensions, setPairs, variables, say, again }) {
  const now = extensions('ducha:Output').map(({ name, value }) => [name, value]);
  const change = (made) => {
    setPairs('ducha:Output', made);
    if (made.length !== now.length) again();
  };
  return pairs(say('What is kept of each round'), now, [], variables(), change, say, { free: true, name: 'output' });
}
