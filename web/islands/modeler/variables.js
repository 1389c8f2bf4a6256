// Which names a formula of a process may use, with what people call them.
const GIVEN = ['title', 'task_code', 'org', 'starter', 'starter_org', 'instance_id'];
const ASSIGNED = /^\s*([A-Za-z]\w*)\s*=(?!=)/gm;

// [path, words], the functions at the end.
export function variables(process, elements, vocabulary) {
  return [
    ...GIVEN.map((name) => [name, name]),
    ...elements.flatMap((one) => brought(one, process, vocabulary)),
    ...loopsOf(elements).flatMap(({ loop }) => (loop.get('ducha:elementVariable') ? [twice(loop.get('ducha:elementVariable'))] : [])),
    ...assigned(elements).map(twice),
    ...vocabulary.functions.map(twice),
  ];
}

// The first parts of all of them, for telling a slip of the pen.
export function names(elements) {
  return [
    ...GIVEN,
    ...elements.map(({ id }) => id),
    ...elements.map(({ id }) => `${id}_verdict`),
    ...loopsOf(elements).map(({ loop }) => loop.get('ducha:elementVariable')),
    ...assigned(elements),
  ];
}

export function fieldsOf(task, process, vocabulary) {
  const name = task.get('ducha:form') || `${process?.id}/${task.id}`;
  return vocabulary.forms.find((form) => form.name === name)?.fields ?? [];
}

const twice = (name) => [name, name];

function brought(one, process, vocabulary) {
  const called = one.name || one.id;
  const told = (outputs) => outputs.map((output) => [`${one.id}.${output}`, `${called}: ${output}`]);
  switch (one.$type) {
    case 'bpmn:UserTask':
      return [
        ...fieldsOf(one, process, vocabulary).map(({ name, label }) => [`${one.id}.${name}`, `${called}: ${label}`]),
        ...(one.loopCharacteristics?.get('ducha:agree') ? [[`${one.id}_verdict.agreed`, `${called}: agreed`]] : []),
      ];
    case 'bpmn:ServiceTask':
      return told(entry(vocabulary.services, one.get('ducha:service')).outputs);
    case 'bpmn:BusinessRuleTask':
      return told(entry(vocabulary.decisions, one.get('ducha:decision')).outputs);
    case 'bpmn:CallActivity':
      return told(entry(vocabulary.processes, one.calledElement).outputs);
    default:
      return [];
  }
}

const entry = (known, name) => known.find((one) => one.name === name) ?? { outputs: [] };

function loopsOf(elements) {
  return elements
    .map(({ loopCharacteristics }) => ({ loop: loopCharacteristics }))
    .filter(({ loop }) => loop?.$type === 'bpmn:MultiInstanceLoopCharacteristics');
}

function assigned(elements) {
  const scripts = elements.filter(({ $type }) => $type === 'bpmn:ScriptTask').map(({ script }) => script ?? '');
  return [...new Set(scripts.flatMap((text) => [...text.matchAll(ASSIGNED)].map(([, name]) => name)))];
}
