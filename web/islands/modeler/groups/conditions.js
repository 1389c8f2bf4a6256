// When a flow is taken: under conditions that are chosen, which write the formula; by the formula itself; or when nothing else applies.
import { read, written } from '../comparing.js';
import { box, choice, folded, formula, hint, line, press, several } from '../inputs.js';

const COUNTED = [['==', 'is'], ['!=', 'is not'], ['>', 'is more than'], ['>=', 'is at least'], ['<', 'is less than'], ['<=', 'is at most']];
const DATED = [['<', 'is before'], ['<=', 'is at the latest'], ['>', 'is after'], ['>=', 'is at the earliest'], ['==', 'is']];
const THERE = [['given', 'is filled in'], ['missing', 'is empty']];
const LISTED = ['in', 'is one of'];
const ALIKE = COUNTED.slice(0, 2);
const SIGNS = {
  bool: ALIKE, enum: [...ALIKE, LISTED, ...THERE], multi: [['has', 'has among it'], ...THERE], text: [...ALIKE, LISTED, ...THERE],
  date: [...DATED, ...THERE], datetime: [...DATED, ...THERE], org: THERE, user: THERE, ref: THERE, longtext: THERE, richtext: THERE,
  free: [...COUNTED, LISTED, ...THERE], int: [...COUNTED, ...THERE], decimal: [...COUNTED, ...THERE], percent: [...COUNTED, ...THERE],
};
const IGNORED = ['bpmn:ParallelGateway', 'bpmn:EventBasedGateway'];

export function conditions(reader) {
  const { element, object, say, again, modeling } = reader;
  const source = object.sourceRef;
  if (IGNORED.includes(source?.$type)) return [hint(say('After this gateway every way is taken; a condition has no effect.'))];
  const text = (object.conditionExpression?.body ?? '').replace(/^=/, '').trim();
  const isDefault = Boolean(source) && source.default === object;
  const kind = isDefault ? 'default' : text ? 'when' : 'always';
  const change = (chosen) => {
    reader.together(() => {
      if (isDefault !== (chosen === 'default')) {
        modeling.updateProperties(element.source, { default: chosen === 'default' ? object : undefined });
      }
      write(reader, chosen === 'when' ? first(reader.comparable(source)) : '');
    });
    again();
  };
  const kinds = [['always', say('Always')], ['when', say('Under a condition')], ['default', say('When nothing else applies')]];
  return [box(say('When it is taken'), choice(say('When it is taken'), kind, kinds, change, { name: 'when' }), ...(kind === 'when' ? asked(reader, text) : []))];
}

function asked(reader, text) {
  const { say, again, variables, object } = reader;
  const fields = reader.comparable(object.sourceRef);
  const kinds = new Map(fields.map(([path, , field]) => [path, field.type]));
  const found = read(text, kinds);
  const itself = (said) => {
    write(reader, said);
    again();
  };
  const own = formula(say('Formula'), text, itself, variables(), { name: 'condition' });
  if (!found?.parts.every(({ path }) => kinds.has(path))) {
    const choose = fields.length > 0 && press(say('Choose instead of writing'), () => itself(first(fields)), 'condition-choose');
    return [own, choose];
  }
  const put = (parts, joined = found.joined) => itself(written({ joined, parts }, kinds));
  const rows = found.parts.map((part, at) => row(reader, fields, part, at, found.parts, put));
  const ways = [['and', say('All of these must hold')], ['or', say('One of these is enough')]];
  const joined = found.parts.length > 1 && choice(say('How they belong together'), found.joined, ways, (way) => put(found.parts, way), { name: 'condition-joined' });
  const more = press(say('Add a condition'), () => put([...found.parts, begin(fields[0])]), 'condition-more');
  return [joined, ...rows, more, folded(say('As a formula'), own)];
}

// One comparison: a field, how it is compared, and with what.
function row(reader, fields, part, at, parts, put) {
  const { say } = reader;
  const field = fields.find(([path]) => path === part.path)[2];
  const suffix = at ? `-${at}` : '';
  const replaced = (made) => {
    Object.assign(part, made); // in place: what is pressed before the panel is drawn anew sees it
    put(parts);
  };
  const change = (values) => replaced({ ...part, ...values });
  const signs = SIGNS[field.type] ?? THERE;
  const found = document.createElement('div');
  found.className = 'modeler-condition';
  found.append(
    choice(say('Field'), part.path, fields.map(([path, words]) => [path, words]), (path) => replaced(begin(fields.find(([one]) => one === path))), {
      name: `condition-field${suffix}`, find: say('Find in the list'),
    }),
    choice(say('How'), part.sign, signs.map(([key, words]) => [key, say(words)]), (sign) => change({ sign, value: fitting(sign, part, field) }), { name: `condition-sign${suffix}` }),
    ...[values(reader, field, part, (value) => change({ value }), `condition-value${suffix}`)].filter(Boolean),
  );
  if (parts.length > 1) found.append(press(say('Take it out'), () => put(parts.filter((one) => one !== part)), `condition-out${suffix}`));
  return found;
}

function values({ say }, field, { sign, value }, change, name) {
  if (['given', 'missing'].includes(sign)) return null;
  const options = { bool: [['true', say('yes')], ['false', say('no')]], enum: field.options, multi: field.options }[field.type];
  if (sign === 'in' && options) return several(say('Value'), value, options, change, { name });
  if (sign === 'in') return line(say('Value'), value.join(', '), (text) => change(text.split(/\s*[,，、]\s*/).filter(Boolean)), { name, hint: say('Several, with commas between them') });
  if (options) return choice(say('Value'), value, options, change, { name });
  if (field.type.startsWith('date')) return dated({ say }, value, change, name);
  const number = ['int', 'decimal', 'percent'].includes(field.type);
  return line(say('Value'), value, change, { name, ...(number && { pattern: '-?[0-9]+(\\.[0-9]+)?' }) });
}

// Today, or a certain day.
function dated({ say }, value, change, name) {
  const day = /^\d{4}-\d\d-\d\d$/.test(value);
  const kinds = [['today()', say('Today')], ['day', say('A certain day')], ...(day || value === 'today()' ? [] : [[value, value]])];
  const today = new Date().toLocaleDateString('sv');
  const found = document.createElement('div');
  found.append(choice(say('Compared with'), day ? 'day' : value, kinds, (kind) => change(kind === 'day' ? today : kind), { name: `${name}-kind` }));
  if (day) found.append(line(say('Day'), value, change, { name, type: 'date' }));
  return found;
}

function begin([path, , field]) {
  const [sign] = (SIGNS[field.type] ?? THERE)[0];
  return { path, sign, value: fitting(sign, {}, field) };
}

// What is kept of a value when it is compared in another way.
function fitting(sign, { value }, { type, options }) {
  if (['given', 'missing'].includes(sign)) return '';
  const known = Array.isArray(value) ? value : value ? [value] : [];
  if (sign === 'in') return known.length ? known : [options?.[0]?.[0] ?? ''];
  const usual = { bool: 'true', enum: options?.[0]?.[0] ?? '', multi: options?.[0]?.[0] ?? '', date: 'today()', datetime: 'today()', text: '', free: 'true' };
  return known[0] ?? usual[type] ?? '0';
}

const first = (fields) => {
  if (!fields.length) return 'true';
  const kinds = new Map(fields.map(([path, , field]) => [path, field.type]));
  return written({ joined: 'and', parts: [begin(fields[0])] }, kinds);
};

function write({ element, object, expression, modeling }, text) {
  modeling.updateProperties(element, { conditionExpression: expression(text, object) });
}
