// What groups need of the selected element: its values, how they are changed (each change can be undone), and its variables.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { comparable, fieldsOf, names, variables } from './variables.js';

export function reading(modeler, element, office, vocabulary, say, again) {
  const modeling = modeler.get('modeling');
  const factory = modeler.get('bpmnFactory');
  const moddle = modeler.get('moddle');
  const object = is(element, 'bpmn:Participant') ? getBusinessObject(element).processRef : getBusinessObject(element);
  const root = modeler.getDefinitions();
  const process = ownProcess(object) ?? theProcess(root);
  const elements = within(process);
  const set = (values) => modeling.updateModdleProperties(element, object, values);
  const own = (name) => object?.get(`ducha:${name}`) ?? '';
  const setOwn = (name, value) => set({ [`ducha:${name}`]: value || undefined });

  const extensions = (type, of = object) => (of?.extensionElements?.values ?? []).filter(({ $type }) => $type === type);

  // Inputs or outputs as pairs; all of them are replaced at once.
  function setPairs(type, pairs, of = object) {
    const kept = (of.extensionElements?.values ?? []).filter(({ $type }) => $type !== type);
    const values = [...kept, ...pairs.map(([name, value]) => moddle.create(type, { name, value }))];
    const extensionElements = values.length ? factory.create('bpmn:ExtensionElements', { values }) : undefined;
    for (const one of values) one.$parent = extensionElements;
    if (extensionElements) extensionElements.$parent = of;
    modeling.updateModdleProperties(element, of, { extensionElements });
  }

  // A formula as the standard's elements hold it; undefined for an empty one.
  function expression(body, parent) {
    const made = body ? factory.create('bpmn:FormalExpression', { body }) : undefined;
    if (made) made.$parent = parent;
    return made;
  }

  // [path, words, field] of the fields of certain types in all forms of this process.
  const fields = (...types) =>
    elements
      .filter(({ $type }) => $type === 'bpmn:UserTask')
      .flatMap((task) =>
        fieldsOf(task, process, vocabulary)
          .filter(({ type }) => types.includes(type))
          .map((field) => [`${task.id}.${field.name}`, `${task.name || task.id}: ${field.label}`, field]),
      );

  return {
    modeler, modeling, factory, moddle, office, element, object, process, elements, root, vocabulary, say, again, set, own, setOwn,
    extensions, setPairs, expression, fields,
    fieldsOf: (task) => fieldsOf(task, process, vocabulary),
    variables: () => variables(process, elements, vocabulary, say),
    comparable: (source) => comparable(source, process, elements, vocabulary, say),
    // [path, words] of what services, called processes, messages and scripts tell, by what it is called.
    told: (pattern) =>
      comparable(object, process, elements, vocabulary, say).filter(([path, , { type }]) => type === 'free' && pattern.test(path)).map(([path, words]) => [path, words]),
    // Several changes that are one for whoever takes them back.
    together: (act) => modeler.get('commandStack').execute('ducha.together', { act }),
    names: () => names(elements),
  };
}

// The executable process, whichever pool it stands in.
export function theProcess(root) {
  const all = root.rootElements.filter(({ $type }) => $type === 'bpmn:Process');
  return all.find(({ isExecutable }) => isExecutable !== false) ?? all[0];
}

// All elements and flows of a process or sub-process, those of its sub-processes too.
export function within(node) {
  return (node?.flowElements ?? []).flatMap((child) => [child, ...within(child)]);
}

function ownProcess(object) {
  let found = object;
  while (found && found.$type !== 'bpmn:Process') found = found.$parent;
  return found;
}
