// Which names a formula of a process may use, with what people call them.
const GIVEN = [
  ['title', 'Title of the case'], ['task_code', 'Task of the case'], ['org', 'Organisation of the case'], ['starter', 'Who started the case'],
  ['starter_org', 'Organisation of who started it'], ['started_by', 'By what it was started'], ['instance_id', 'Id of the case'],
];

// What the variables mean that every case has: {name: words}.
export const givenWords = (say) => Object.fromEntries(GIVEN.map(([name, words]) => [name, say(words)]));

const COMPARED = ['enum', 'bool', 'int', 'decimal', 'percent', 'date', 'datetime', 'multi', 'text', 'longtext', 'org', 'user', 'ref'];
const ASSIGNED = /^\s*([A-Za-z]\w*)\s*=(?!=)/gm;

// [path, words, options], the functions at the end; options ([value, words]) of what has one of a few values.
export function variables(process, elements, vocabulary, say) {
  return [
    ...GIVEN.map(([name, words]) => [name, say(words), name === 'task_code' ? vocabulary.task_codes : undefined]),
    ...elements.flatMap((one) => brought(one, process, vocabulary, say)).map(([path, words, field]) => [path, words, field.options?.length ? field.options : undefined]),
    ...loopsOf(elements).flatMap(({ loop }) => (loop.get('ducha:elementVariable') ? [twice(loop.get('ducha:elementVariable'))] : [])),
    ...assigned(elements).map(twice),
    ...vocabulary.functions.map(({ usage, says }) => [usage, says]),
  ];
}

// [path, words, field] of what a condition behind ``source`` can be chosen of: what the nearest steps before it bring comes first.
export function comparable(source, process, elements, vocabulary, say) {
  const away = distances(source);
  const sorted = [...elements].sort((one, other) => (away.get(one) ?? Infinity) - (away.get(other) ?? Infinity) || 0);
  return [
    ...sorted.flatMap((one) => brought(one, process, vocabulary, say)).filter(([, , { type }]) => COMPARED.includes(type) || type === 'free'),
    ...assigned(elements).map((name) => [name, say('Set by a script: {name}', { name }), { type: 'free' }]),
    ['task_code', say('Task of the case'), { type: 'enum', options: vocabulary.task_codes }],
  ];
}

// How many flows lie between each element and this one, against their direction.
function distances(source) {
  const found = new Map([[source, 0]]);
  for (const one of found.keys()) {
    for (const { sourceRef } of one?.incoming ?? []) if (sourceRef && !found.has(sourceRef)) found.set(sourceRef, found.get(one) + 1);
    if (one?.attachedToRef && !found.has(one.attachedToRef)) found.set(one.attachedToRef, found.get(one) + 1);
  }
  return found;
}

// The first parts of all of them, for telling a slip of the pen.
export function names(elements) {
  return [
    ...GIVEN.map(([name]) => name),
    ...elements.map(({ id }) => id),
    ...elements.map(({ id }) => `${id}_verdict`),
    ...loopsOf(elements).map(({ loop }) => loop.get('ducha:elementVariable')),
    ...assigned(elements),
  ];
}

const formOf = (task, process, vocabulary) =>
  vocabulary.forms.find(({ name }) => name === (task.get('ducha:form') || `${process?.id}/${task.id}`));

export const fieldsOf = (task, process, vocabulary) => formOf(task, process, vocabulary)?.fields ?? [];

// [formula, words]: the list of what stands in each column of its tables, also of those in their rows.
const columnsOf = (task, process, vocabulary) => formOf(task, process, vocabulary)?.columns ?? [];

const twice = (name) => [name, name];

// [path, words, field]; of what is no field of a form, the type is ``bool``, ``enum`` or, where nobody knows, ``free``.
function brought(one, process, vocabulary, say) {
  const called = one.name || one.id;
  const told = ({ outputs, labels = {}, values = {} }) =>
    outputs.map((output) => [
      `${one.id}.${output}`, `${called}: ${labels[output] ?? vocabulary.words[output] ?? output}`,
      values[output]?.length ? { type: 'enum', options: values[output] } : { type: 'free' },
    ]);
  switch (one.$type) {
    case 'bpmn:UserTask':
      return [
        ...fieldsOf(one, process, vocabulary).map((field) => [`${one.id}.${field.name}`, `${called}: ${field.label}`, field]),
        ...columnsOf(one, process, vocabulary).map(([formula, words]) => [formula.replace('{step}', one.id), `${called}: ${words}`, { type: 'list' }]),
        ...verdict(one, called, say),
      ];
    case 'bpmn:ServiceTask':
      return told(entry(vocabulary.services, one.get('ducha:service')));
    case 'bpmn:BusinessRuleTask':
      return told(entry(vocabulary.decisions, one.get('ducha:decision')));
    case 'bpmn:CallActivity':
      return told(entry(vocabulary.processes, one.calledElement));
    default:
      return [...told({ outputs: vocabulary.talk[heard(one)]?.carries ?? [] }), ...verdict(one, called, say)];
  }
}

// The message or signal that an element waits for; what it carries is then kept under the element's id.
function heard(one) {
  if (!/Catch|Boundary|Start|Receive/.test(one.$type)) return '';
  const [definition] = one.eventDefinitions ?? [];
  return (one.messageRef ?? definition?.messageRef ?? definition?.signalRef)?.name ?? '';
}

// What comes of several who decide together.
function verdict(one, called, say) {
  if (!one.loopCharacteristics?.get?.('ducha:agree')) return [];
  const path = `${one.id}_verdict`;
  return [
    [`${path}.agreed`, `${called}: ${say('it was agreed')}`, { type: 'bool' }],
    [`${path}.vetoed`, `${called}: ${say('it was vetoed')}`, { type: 'bool' }],
    [`${path}.approved`, `${called}: ${say('how many agreed')}`, { type: 'int' }],
    [`${path}.refused`, `${called}: ${say('how many refused')}`, { type: 'int' }],
    [`${path}.share`, `${called}: ${say('share that agreed')}`, { type: 'decimal' }],
  ];
}

const entry = (known, name) => known.find((one) => one.name === name) ?? { outputs: [] };

function loopsOf(elements) {
  return elements
    .map(({ loopCharacteristics }) => ({ loop: loopCharacteristics }))
    .filter(({ loop }) => loop?.$type === 'bpmn:MultiInstanceLoopCharacteristics');
}

// Names that scripts assign.
export function assigned(elements) {
  const scripts = elements.filter(({ $type }) => $type === 'bpmn:ScriptTask').map(({ script }) => script ?? '');
  return [...new Set(scripts.flatMap((text) => [...text.matchAll(ASSIGNED)].map(([, name]) => name)))];
}
