// How several people decide together in a step that is done several times, and what a refusal does to the others.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, formula, hint } from '../inputs.js';

const OWN = '…'; // the choice "by a formula"
const SHARED = ['ratio', 'weight'];

export function agreement(reader) {
  const { object, element, modeling, say, again } = reader;
  const loop = object.loopCharacteristics;
  if (loop?.$type !== 'bpmn:MultiInstanceLoopCharacteristics') return [];
  const own = (name) => loop.get(`ducha:${name}`) ?? '';
  const set = (values) => modeling.updateModdleProperties(element, loop, values);
  const rule = { ...reader, own, put: (name, text) => set({ [`ducha:${name}`]: text || undefined }) };
  const kinds = [
    ['', say('They decide nothing together')], ['all', say('All must agree')], ['any', say('One is enough')],
    ['ratio', say('A share must agree')], ['weight', say('A share must agree, by weight')],
    ['in_order', say('All must agree, one after the other')],
  ];
  const change = (kind) => {
    set(changed(own, kind));
    again();
  };
  const parts = own('agree') ? asked(rule) : [];
  return [box(say('Deciding together'), choice(say('How they agree'), own('agree'), kinds, change, { name: 'agree' }), ...parts)];
}

// What belongs to another rule goes; a share begins with half of them.
function changed(own, kind) {
  const values = { 'ducha:agree': kind || undefined };
  if (kind) values.completionCondition = undefined;
  if (kind === 'in_order') values.isSequential = true;
  values['ducha:ratio'] = SHARED.includes(kind) ? own('ratio') || '1/2' : undefined;
  values['ducha:weight'] = kind === 'weight' ? own('weight') || '1' : undefined;
  if (!kind) for (const name of ['approves', 'veto', 'onReturn']) values[`ducha:${name}`] = undefined;
  return values;
}

function asked(rule) {
  const { own, put, say, variables, object, again } = rule;
  const shares = [['1/2', say('half of them')], ['2/3', say('two thirds')], ['3/4', say('three quarters')], ['1', say('all of them')]];
  const whose = [['', say('Nobody’s')], ['true', say('Everybody’s')]];
  const parts = [offered(rule, 'approves', say('Who agrees'), approvals(rule), 'true')];
  if (SHARED.includes(own('agree'))) parts.push(offered(rule, 'ratio', say('At least this share'), shares, '0.6'));
  if (own('agree') === 'weight') {
    parts.push(formula(say('How much an answer weighs'), own('weight'), (text) => put('weight', text), variables(), { name: 'weight' }));
  }
  if (own('approves')) parts.push(offered(rule, 'veto', say('Whose refusal decides alone'), whose, 'loopCounter == 0'));
  const others = [['', say('They are called off')], ['let_finish', say('They finish first')]];
  const change = (value) => {
    put('onReturn', value);
    again();
  };
  if (own('agree') !== 'in_order') parts.push(choice(say('The others, when it is refused or sent back'), own('onReturn'), others, change, { name: 'onReturn' }));
  parts.push(hint(say('Afterwards {name} says whether it was agreed; draw the ways on with a gateway.', { name: `${object.id}_verdict.agreed` })));
  return parts;
}

// Everybody who has done it, or who has chosen a certain answer in a form of the step.
function approvals({ element, object, fieldsOf, say }) {
  const inside = is(element, 'bpmn:SubProcess') ? (object.flowElements ?? []) : [object];
  const tasks = inside.filter(({ $type }) => $type === 'bpmn:UserTask');
  const found = tasks.flatMap((task) =>
    fieldsOf(task).flatMap(({ name, label, type, options }) => {
      const path = `${task.id}.${name}`;
      if (type === 'bool') return [[`${path} == true`, `${label}: ${say('yes')}`]];
      return type === 'enum' ? options.map(([key, words]) => [`${path} == '${key}'`, `${label}: ${words}`]) : [];
    }),
  );
  return [['', say('Whoever has done it')], ...found];
}

// A choice among formulas that have words; ``first`` is the formula to begin with where none of them fits.
function offered({ own, put, say, variables, again }, name, label, options, first) {
  const value = own(name).replace(/^=/, '').trim();
  const known = options.some(([key]) => key === value);
  const change = (key) => {
    put(name, key === OWN ? first : key);
    again();
  };
  const found = document.createElement('div');
  found.append(choice(label, known ? value : OWN, [...options, [OWN, say('By a formula')]], change, { name }));
  if (!known) found.append(formula(say('Formula'), value, (text) => put(name, text), variables(), { name: `${name}-formula` }));
  return found;
}
