// Which groups of questions an element has. To add one: write it in a file of its subject, give it a row here.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { conditions } from './groups/conditions.js';
import { events } from './groups/events.js';
import { general } from './groups/general.js';
import { loops } from './groups/loops.js';
import { people } from './groups/people.js';
import { work } from './groups/work.js';

const ROWS = [
  [() => true, general],
  [(element) => is(element, 'bpmn:UserTask'), people],
  [(element) => ['bpmn:ServiceTask', 'bpmn:BusinessRuleTask', 'bpmn:CallActivity', 'bpmn:ScriptTask'].some((type) => is(element, type)), work],
  [(element) => ['bpmn:Event', 'bpmn:SendTask', 'bpmn:ReceiveTask'].some((type) => is(element, type)), events],
  [(element) => is(element, 'bpmn:SequenceFlow'), conditions],
  [(element) => is(element, 'bpmn:Activity'), loops],
];

export const groupsOf = (element) => ROWS.filter(([fits]) => fits(element)).map(([, group]) => group);
