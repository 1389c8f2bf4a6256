// When a flow is taken: a field of an answer and a value, or a formula; or when nothing else applies.
import { box, choice, formula } from '../inputs.js';

const OWN = '…';
const SIMPLE = /^(\w+\.\w+)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)"|(true|false))$/;

export function conditions(reader) {
  const { element, object, say, again, modeling } = reader;
  const source = object.sourceRef;
  const text = (object.conditionExpression?.body ?? '').replace(/^=/, '').trim();
  const isDefault = source?.default === object;
  const kind = isDefault ? 'default' : text ? 'when' : 'always';
  const change = (chosen) => {
    if (chosen === 'default') {
      write(reader, '');
      modeling.updateProperties(element.source, { default: object });
    } else {
      if (isDefault) modeling.updateProperties(element.source, { default: undefined });
      write(reader, chosen === 'when' ? first(reader) : '');
    }
    again();
  };
  const kinds = [['always', say('Always')], ['when', say('Condition')], ['default', say('When nothing else applies')]];
  return [box(say('Condition'), choice(say('Condition'), kind, kinds, change), ...(kind === 'when' ? asked(reader, text) : []))];
}

function asked(reader, text) {
  const { say, again, variables } = reader;
  const fields = reader.fields('enum', 'bool');
  const [, path, sign, single, double, truth] = SIMPLE.exec(text) ?? [];
  const field = fields.find(([name]) => name === path)?.[2];
  const value = single ?? double ?? truth;
  const say2 = (name, is, to) => write(reader, `${name} ${is} ${truthy(to) ? to : `'${to}'`}`);
  const names = [...fields.map(([name, words]) => [name, words]), [OWN, say('By a formula')]];
  const choose = (name) => {
    if (name === OWN) write(reader, text || 'true');
    else say2(name, '==', 'true');
    again();
  };
  const parts = [choice(say('Field'), field ? path : OWN, names, choose)];
  if (!field) return [...parts, formula(say('Formula'), text, (said) => write(reader, said), variables())];
  const signs = [['==', say('is')], ['!=', say('is not')]];
  parts.push(choice(say('Condition'), sign, signs, (is) => say2(path, is, value)));
  if (field.type === 'bool') {
    parts.push(choice(say('Value'), value, [['true', say('yes')], ['false', say('no')]], (to) => say2(path, sign, to)));
  } else {
    parts.push(choice(say('Value'), value, field.options ?? [], (to) => say2(path, sign, to)));
  }
  return parts;
}

const truthy = (value) => value === 'true' || value === 'false';
const first = (reader) => (reader.fields('bool')[0] ? `${reader.fields('bool')[0][0]} == true` : 'true');

function write({ element, object, factory, modeling }, text) {
  const made = text ? factory.create('bpmn:FormalExpression', { body: text }) : undefined;
  if (made) made.$parent = object;
  modeling.updateProperties(element, { conditionExpression: made });
}
