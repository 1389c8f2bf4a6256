// Which groups of questions an element has. To add one: write it in a file of its subject, give it a row here.
import { isAny } from 'bpmn-js/lib/util/ModelUtil';
import { agreement } from './groups/agreement.js';
import { conditions } from './groups/conditions.js';
import { events } from './groups/events.js';
import { general } from './groups/general.js';
import { eventKinds, kinds } from './groups/kinds.js';
import { lanes } from './groups/lanes.js';
import { loops } from './groups/loops.js';
import { next } from './groups/next.js';
import { people } from './groups/people.js';
import { rules } from './groups/rules.js';
import { work } from './groups/work.js';

const ROWS = [
  [[], general],
  [['bpmn:Lane'], lanes],
  [['bpmn:Task', 'bpmn:CallActivity', 'bpmn:Gateway'], kinds],
  [['bpmn:UserTask'], people],
  [['bpmn:UserTask'], rules],
  [['bpmn:ServiceTask', 'bpmn:BusinessRuleTask', 'bpmn:CallActivity', 'bpmn:ScriptTask'], work],
  [['bpmn:Event'], eventKinds],
  [['bpmn:Event', 'bpmn:SendTask', 'bpmn:ReceiveTask'], events],
  [['bpmn:SequenceFlow'], conditions],
  [['bpmn:Activity'], loops],
  [['bpmn:Activity'], agreement],
  [['bpmn:FlowNode'], next],
];

export const groupsOf = (element) =>
  ROWS.filter(([types]) => !types.length || isAny(element, types)).map(([, group]) => group);
