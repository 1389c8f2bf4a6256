// A lane: whose it is. Choosing a role names it, and gives the role to the steps in it that nobody does yet, if that is wanted.
import { choice, hint, press } from '../inputs.js';
import { roles } from './general.js';

export function lanes(reader) {
  const { element, object, modeling, modeler, vocabulary, say, again, together } = reader;
  const known = roles(vocabulary);
  const role = known.find(([, title]) => title === object.name)?.[0] ?? '';
  const change = (name) => {
    const title = known.find(([one]) => one === name)?.[1];
    if (title) modeling.updateProperties(element, { name: title });
    again();
  };
  const parts = [choice(say('Role of the lane'), role, [['', say('None')], ...known], change, { name: 'lane-role', find: say('Find in the list') })];
  const open = (object.flowNodeRef ?? []).filter((one) => one.$type === 'bpmn:UserTask' && isOpen(one));
  const give = () => {
    together(() => open.forEach((one) => modeling.updateModdleProperties(modeler.get('elementRegistry').get(one.id), one, { 'ducha:candidateGroups': role })));
    again();
  };
  if (role && open.length) parts.push(press(say('Give the role to {count} steps that nobody does yet', { count: open.length }), give, 'lane-give'));
  return [...parts, hint(say('A lane is only shown. Who does a step is said at the step.'))];
}

const isOpen = (task) => !['candidateGroups', 'assignee', 'sameAs'].some((name) => task.get(`ducha:${name}`));

// The role that the lane of a step is called after: [name, title], or undefined.
export function roleOfLane({ process, object, vocabulary }) {
  const all = (sets) => (sets ?? []).flatMap(({ lanes: inner }) => (inner ?? []).flatMap((lane) => [lane, ...all(lane.childLaneSet ? [lane.childLaneSet] : [])]));
  const names = all(process?.laneSets).filter(({ flowNodeRef }) => flowNodeRef?.includes(object)).map(({ name }) => name);
  return roles(vocabulary).find(([, title]) => names.includes(title));
}
