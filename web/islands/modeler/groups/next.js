// What comes after an element: steps are added and connected by choosing, without the mouse; and the ways on lead there.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { box, choice, press } from '../inputs.js';

const TIMER = 'bpmn:TimerEventDefinition';
const ADDED = [
  ['bpmn:UserTask', 'A person does something'],
  ['bpmn:ServiceTask', 'A service does something'],
  ['bpmn:ExclusiveGateway', 'One of several ways'],
  ['bpmn:IntermediateCatchEvent', 'Wait for a time', TIMER],
  ['bpmn:EndEvent', 'It ends here'],
];
const EDGED = [
  ['When time runs out', TIMER],
  ['When a message comes', 'bpmn:MessageEventDefinition'],
  ['When it fails', 'bpmn:ErrorEventDefinition'],
];

export function next(reader) {
  const { element, object, say } = reader;
  if (object.triggeredByEvent) return [];
  const ends = is(element, 'bpmn:EndEvent');
  return [
    !ends && box(say('What comes next'), ways(reader), chooser(reader, 'next', say('Add after it'), ADDED.map(([type, words, event]) => [words, () => added(reader, type, event)])), connected(reader)),
    is(element, 'bpmn:Activity') && box(say('While it goes on'), chooser(reader, 'edge', say('Add on its edge'), EDGED.map(([words, event]) => [words, () => edged(reader, event)]))),
  ];
}

// The flows out of it, each leads to what it leads to.
function ways({ element, modeler }) {
  const flows = element.outgoing.filter((one) => is(one, 'bpmn:SequenceFlow') && one.target);
  if (!flows.length) return null;
  const list = document.createElement('ul');
  list.className = 'modeler-ways';
  for (const flow of flows) {
    const item = document.createElement('li');
    const { name, id } = flow.target.businessObject;
    const words = [flow.businessObject.name, name || id].filter(Boolean).join(' → ');
    item.append(press(words, () => show(modeler, flow.target), `way-${flow.id}`));
    list.append(item);
  }
  return list;
}

export function show(modeler, shape) {
  modeler.get('selection').select(shape);
  modeler.get('canvas').scrollToElement(shape, 120);
}

function chooser({ say }, name, label, offers) {
  const options = [['', say('Choose one')], ...offers.map(([words], at) => [String(at), say(words)])];
  return choice(label, '', options, (at) => at && offers[at][1](), { name });
}

function added({ element, modeler }, type, eventDefinitionType) {
  const shape = modeler.get('elementFactory').createShape({ type, eventDefinitionType });
  modeler.get('autoPlace').append(element, shape);
  modeler.get('selection').select(shape);
}

// Something that happens while it goes on does not end it, until that is chosen.
function edged({ element, modeler, modeling }, eventDefinitionType) {
  const cancelActivity = eventDefinitionType === 'bpmn:ErrorEventDefinition';
  const event = modeler.get('elementFactory').createShape({ type: 'bpmn:BoundaryEvent', eventDefinitionType, cancelActivity });
  const taken = element.attachers.length;
  const at = { x: element.x + element.width - 20 - ((taken * 40) % Math.max(40, element.width - 20)), y: element.y + element.height };
  modeling.createShape(event, at, element, { attach: true });
  modeler.get('selection').select(event);
}

// Existing elements to which a flow may lead.
function connected({ element, modeler, modeling, say }) {
  const rules = modeler.get('bpmnRules');
  const reached = new Set(element.outgoing.map(({ target }) => target));
  const possible = modeler
    .get('elementRegistry')
    .filter((one) => !one.labelTarget && is(one, 'bpmn:FlowNode') && one !== element && !reached.has(one))
    .filter((one) => rules.canConnectSequenceFlow(element, one));
  if (!possible.length) return null;
  const options = [['', say('Choose one')], ...possible.map(({ id, businessObject: { name } }) => [id, name || id])];
  const change = (id) => {
    if (!id) return;
    const flow = modeling.connect(element, modeler.get('elementRegistry').get(id));
    if (flow) modeler.get('selection').select(flow);
  };
  return choice(say('Lead on to'), '', options, change, { name: 'connect', find: say('Find in the list') });
}
