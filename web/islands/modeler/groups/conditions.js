// When a flow is taken: a field of an answer and a value, or a formula; or when nothing else applies.
import { box, choice, formula, hint, line } from '../inputs.js';

const OWN = '…';
const SIMPLE = /^(\w+\.\w+)\s*(==|!=|>=|<=|>|<)\s*(?:'([^']*)'|"([^"]*)"|(true|false|-?\d+(?:\.\d+)?))$/;
const HELD = ['enum', 'bool', 'int', 'decimal', 'percent'];
const COUNTED = [['==', 'is'], ['!=', 'is not'], ['>', 'is more than'], ['>=', 'is at least'], ['<', 'is less than'], ['<=', 'is at most']];
const IGNORED = ['bpmn:ParallelGateway', 'bpmn:EventBasedGateway'];

export function conditions(reader) {
  const { element, object, say, again, modeling } = reader;
  const source = object.sourceRef;
  if (IGNORED.includes(source?.$type)) return [hint(say('After this gateway every way is taken; a condition has no effect.'))];
  const text = (object.conditionExpression?.body ?? '').replace(/^=/, '').trim();
  const isDefault = Boolean(source) && source.default === object;
  const kind = isDefault ? 'default' : text ? 'when' : 'always';
  const change = (chosen) => {
    if (isDefault !== (chosen === 'default')) {
      modeling.updateProperties(element.source, { default: chosen === 'default' ? object : undefined });
    }
    write(reader, chosen === 'when' ? first(reader) : '');
    again();
  };
  const kinds = [['always', say('Always')], ['when', say('Under a condition')], ['default', say('When nothing else applies')]];
  return [box(say('When it is taken'), choice(say('When it is taken'), kind, kinds, change, { name: 'when' }), ...(kind === 'when' ? asked(reader, text) : []))];
}

function asked(reader, text) {
  const { say, again, variables } = reader;
  const fields = reader.fields(...HELD);
  const [, path, sign, single, double, bare] = SIMPLE.exec(text) ?? [];
  const field = fields.find(([name]) => name === path)?.[2];
  const now = { path, sign, value: single ?? double ?? bare };
  const put = (change) => {
    Object.assign(now, change);
    write(reader, `${now.path} ${now.sign} ${literal(fieldAt(fields, now.path), now.value)}`);
  };
  const names = [...fields.map(([name, words]) => [name, words]), [OWN, say('By a formula')]];
  const choose = (name) => {
    if (name === OWN) write(reader, `(${text || 'true'})`);
    else put({ path: name, sign: '==', value: begin(fieldAt(fields, name)) });
    again();
  };
  const parts = [choice(say('Field'), field ? path : OWN, names, choose, { name: 'condition-field' })];
  if (!field) return [...parts, formula(say('Formula'), text, (said) => write(reader, said), variables(), { name: 'condition' })];
  const signs = ['enum', 'bool'].includes(field.type) ? COUNTED.slice(0, 2) : COUNTED;
  return [
    ...parts,
    choice(say('How'), sign, signs.map(([key, words]) => [key, say(words)]), (is) => put({ sign: is }), { name: 'condition-sign' }),
    values(reader, field, now.value, (value) => put({ value })),
  ];
}

function values({ say }, field, value, change) {
  const options = { bool: [['true', say('yes')], ['false', say('no')]], enum: field.options }[field.type];
  return options
    ? choice(say('Value'), value, options, change, { name: 'condition-value' })
    : line(say('Value'), value, change, { name: 'condition-value', pattern: '-?[0-9]+(\\.[0-9]+)?' });
}

const fieldAt = (fields, path) => fields.find(([name]) => name === path)?.[2];
const begin = (field) => ({ bool: 'true', enum: field.options?.[0]?.[0] ?? '' })[field.type] ?? '0';
const literal = (field, value) => (field.type === 'enum' ? `'${value.replaceAll("'", '')}'` : value);

function first(reader) {
  const [found] = reader.fields(...HELD);
  return found ? `${found[0]} == ${literal(found[2], begin(found[2]))}` : 'true';
}

function write({ element, object, expression, modeling }, text) {
  modeling.updateProperties(element, { conditionExpression: expression(text, object) });
}
