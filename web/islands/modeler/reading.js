// What groups need of the selected element: its values, how they are changed (each change can be undone), and its variables.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

export function reading(modeler, element, vocabulary, say, again) {
  const modeling = modeler.get('modeling');
  const factory = modeler.get('bpmnFactory');
  const moddle = modeler.get('moddle');
  const object = is(element, 'bpmn:Participant') ? getBusinessObject(element).processRef : getBusinessObject(element);
  const root = modeler.getDefinitions();
  const set = (values) => modeling.updateModdleProperties(element, object, values);
  const own = (name) => object.get(`ducha:${name}`) ?? '';
  const setOwn = (name, value) => set({ [`ducha:${name}`]: value || undefined });

  function extensions(type, of = object) {
    return (of.extensionElements?.values ?? []).filter(({ $type }) => $type === type);
  }

  // Inputs or outputs as pairs; all of them are replaced at once.
  function setPairs(type, pairs, of = object) {
    const kept = (of.extensionElements?.values ?? []).filter(({ $type }) => $type !== type);
    const made = pairs.map(([name, value]) => moddle.create(type, { name, value }));
    const values = [...kept, ...made];
    const box = values.length ? factory.create('bpmn:ExtensionElements', { values }) : undefined;
    for (const one of values) one.$parent = box;
    if (box) box.$parent = of;
    modeling.updateModdleProperties(element, of, { extensionElements: box });
  }

  const processes = root.rootElements.filter(({ $type }) => $type === 'bpmn:Process');
  const all = (node, found = []) => {
    for (const child of node.flowElements ?? []) {
      found.push(child);
      all(child, found);
    }
    return found;
  };
  const process = ownProcess(object) ?? processes[0];
  const elements = all(process ?? {});

  // Every variable that a formula may use: a path and what people call it.
  function variables() {
    const given = ['title', 'task_code', 'org', 'starter', 'starter_org', 'instance_id'].map((name) => [name, name]);
    const found = elements.flatMap((one) => {
      const name = one.name || one.id;
      if (one.$type === 'bpmn:UserTask') return fieldsOf(one).map((f) => [`${one.id}.${f.name}`, `${name}: ${f.label}`]);
      const kind = { 'bpmn:ServiceTask': 'services', 'bpmn:BusinessRuleTask': 'decisions' }[one.$type];
      const chosen = one.get(kind === 'services' ? 'ducha:service' : 'ducha:decision');
      const known = kind && vocabulary[kind].find((entry) => entry.name === chosen);
      return (known?.outputs ?? []).map((output) => [`${one.id}.${output}`, `${name}: ${output}`]);
    });
    return [...given, ...found];
  }

  function fieldsOf(task) {
    const name = task.get('ducha:form') || `${process?.id}/${task.id}`;
    return vocabulary.forms.find((form) => form.name === name)?.fields ?? [];
  }

  // [path, words] of the fields of certain types in all forms of this process.
  const fields = (...types) =>
    elements
      .filter(({ $type }) => $type === 'bpmn:UserTask')
      .flatMap((task) =>
        fieldsOf(task)
          .filter(({ type }) => types.includes(type))
          .map((field) => [`${task.id}.${field.name}`, `${task.name || task.id}: ${field.label}`, field]),
      );

  return {
    modeler, modeling, factory, moddle, element, object, process, elements, root, vocabulary, say, again, set, own, setOwn,
    extensions, setPairs, variables, fields, fieldsOf,
  };
}

function ownProcess(object) {
  let found = object;
  while (found && found.$type !== 'bpmn:Process') found = found.$parent;
  return found;
}
