// What kind of step, gateway or event it is; another kind can be chosen here as well as from the menu on the drawing.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { choice } from '../inputs.js';

const INSIDE = 'in an event sub-process';
const STEPS = [
  ['bpmn:UserTask', 'A person does it'],
  ['bpmn:ServiceTask', 'A service does it'],
  ['bpmn:BusinessRuleTask', 'A decision table answers'],
  ['bpmn:ScriptTask', 'A script reckons'],
  ['bpmn:CallActivity', 'Another process does it'],
  ['bpmn:SendTask', 'A message is sent'],
  ['bpmn:ReceiveTask', 'A message is waited for'],
  ['bpmn:Task', 'Nothing happens'],
];
const GATEWAYS = [
  ['bpmn:ExclusiveGateway', 'One way is taken'],
  ['bpmn:InclusiveGateway', 'Every way that applies is taken'],
  ['bpmn:ParallelGateway', 'All ways are taken'],
  ['bpmn:EventBasedGateway', 'The way whose event comes first'],
];

// What an event may be: its definition, words, and the types of events that can be so.
const [START, END, THROW, CATCH, EDGE] = ['StartEvent', 'EndEvent', 'IntermediateThrowEvent', 'IntermediateCatchEvent', 'BoundaryEvent'];
const EVENTS = [
  ['', 'Nothing in particular', [START, END, THROW]],
  ['Message', 'A message is waited for', [START, CATCH, EDGE]],
  ['Message', 'A message is sent', [THROW, END]],
  ['Signal', 'A signal is waited for', [START, CATCH, EDGE]],
  ['Signal', 'A signal is sent', [THROW, END]],
  ['Timer', 'A time is waited for', [START, CATCH, EDGE]],
  ['Error', 'An error is caught', [EDGE, INSIDE]],
  ['Error', 'An error is thrown', [END]],
  ['Escalation', 'An escalation is caught', [EDGE, INSIDE]],
  ['Escalation', 'An escalation is thrown', [THROW, END]],
  ['Terminate', 'Everything is ended', [END]],
];

export function kinds({ element, object, modeler, say }) {
  const offered = is(element, 'bpmn:Gateway') ? GATEWAYS : STEPS;
  const change = (type) => {
    const made = modeler.get('bpmnReplace').replaceElement(element, { type });
    modeler.get('selection').select(made);
  };
  return [choice(say('What it does'), object.$type, offered.map(([type, words]) => [type, say(words)]), change, { name: 'kind' })];
}

export function eventKinds({ element, object, modeler, say }) {
  const type = object.$type.replace('bpmn:', '');
  const between = [THROW, CATCH].includes(type);
  const types = between ? [THROW, CATCH] : [type];
  const places = object.$parent.triggeredByEvent && type === START ? [type, INSIDE] : types;
  const offered = EVENTS.flatMap(([event, words, where]) =>
    where.filter((one) => places.includes(one)).map((one) => [`${one === INSIDE ? type : one} ${event}`, say(words)]),
  );
  const definition = (object.eventDefinitions?.[0]?.$type ?? '').replace(/^bpmn:|EventDefinition$/g, '');
  const now = `${type} ${definition}`;
  if (!offered.some(([key]) => key === now)) offered.push([now, definition || say('Nothing in particular')]);
  const change = (key) => {
    const [wanted, event] = key.split(' ');
    const target = { type: `bpmn:${wanted}`, ...(event && { eventDefinitionType: `bpmn:${event}EventDefinition` }) };
    if (wanted === EDGE) target.cancelActivity = object.cancelActivity;
    if (wanted === START) target.isInterrupting = object.isInterrupting;
    modeler.get('selection').select(modeler.get('bpmnReplace').replaceElement(element, target));
  };
  return [choice(say('What happens'), now, offered, change, { name: 'kind-event' })];
}
