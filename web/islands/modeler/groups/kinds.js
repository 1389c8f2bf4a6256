// What kind of step, gateway or event it is; another kind can be chosen here as well as from the menu on the drawing.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { choice } from '../inputs.js';

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

export function kinds({ element, object, modeler, say }) {
  const offered = is(element, 'bpmn:Gateway') ? GATEWAYS : STEPS;
  if (is(element, 'bpmn:SubProcess') || is(element, 'bpmn:Event')) return [];
  const change = (type) => {
    const made = modeler.get('bpmnReplace').replaceElement(element, { type });
    modeler.get('selection').select(made);
  };
  return [choice(say('What it does'), object.$type, offered.map(([type, words]) => [type, say(words)]), change, { name: 'kind' })];
}
