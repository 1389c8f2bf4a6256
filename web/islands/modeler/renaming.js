// Renames an element, and in the same step (one undo) every formula of the process that names it.
import { within } from './reading.js';

const FORMULAS = ['candidateGroups', 'candidateOrg', 'taskCode', 'assignee', 'barred', 'due', 'subject', 'correlationKey'];
const LOOPED = ['collection', 'ratio', 'weight', 'approves', 'veto'];
const LISTS = ['notSameAs', 'sameAs', 'repeatedOf'];

class Rename {
  static $inject = ['modeling', 'elementRegistry'];

  constructor(modeling, elementRegistry) {
    Object.assign(this, { modeling, elementRegistry });
  }

  preExecute({ element, object, process, id, ownForm }) {
    const [old, { modeling }] = [object.id, this];
    if (ownForm) modeling.updateModdleProperties(element, object, { 'ducha:form': ownForm });
    for (const one of within(process)) {
      const shape = this.elementRegistry.get(one.id);
      if (shape) this.mend(shape, one, old, id);
    }
    modeling.updateProperties(element, { id });
  }

  mend(shape, one, old, id) {
    const change = (of, values) => modeling.updateModdleProperties(shape, of, values);
    const { modeling } = this;
    for (const name of FORMULAS) replaced(one, `ducha:${name}`, (text) => inFormula(text, old, id), change);
    for (const name of LISTS) replaced(one, `ducha:${name}`, (text) => inList(text, old, id), change);
    const loop = one.loopCharacteristics;
    for (const name of loop ? LOOPED : []) replaced(loop, `ducha:${name}`, (text) => inFormula(text, old, id), change);
    const timer = one.eventDefinitions?.[0];
    const bodies = [one.conditionExpression, loop?.loopCardinality, loop?.completionCondition, timer?.timeDate, timer?.timeDuration, timer?.timeCycle];
    for (const body of bodies.filter(Boolean)) replaced(body, 'body', (text) => inFormula(text, old, id), change);
    if (one.$type === 'bpmn:ScriptTask') replaced(one, 'script', (text) => inFormula(text, old, id), change);
    for (const pair of one.extensionElements?.values ?? []) {
      if (pair.$type?.startsWith('ducha:')) replaced(pair, 'value', (text) => inFormula(text, old, id), change);
    }
  }
}

function replaced(of, name, write, change) {
  const text = of.get(name);
  const written = text && write(text);
  if (written !== text) change(of, { [name]: written });
}

export function inFormula(text, old, id) {
  const bare = new RegExp(`(?<![\\w.'"])${old}(?=_verdict\\b|(?!\\w))`, 'g');
  const quoted = new RegExp(`((?:performer|exists|value)\\(\\s*['"])${old}(?!\\w)`, 'g');
  return text.replace(bare, id).replace(quoted, `$1${id}`);
}

const inList = (text, old, id) => text.split(',').map((one) => (one.trim() === old ? id : one.trim())).join(',');

export const renaming = {
  __init__: [['commandStack', (commandStack) => commandStack.registerHandler('ducha.rename', Rename)]],
};
