// Ids that can be read and that stay: what is drawn is called step_3, gateway_1, ... instead of a row of random letters.
import { is } from 'bpmn-js/lib/util/ModelUtil';

// type, what an id of it begins with; the first that fits
const BEGINS = [
  ['bpmn:SubProcess', 'part'],
  ['bpmn:Activity', 'step'],
  ['bpmn:Gateway', 'gateway'],
  ['bpmn:StartEvent', 'begin'],
  ['bpmn:EndEvent', 'end'],
  ['bpmn:Event', 'event'],
  ['bpmn:SequenceFlow', 'flow'],
  ['bpmn:Lane', 'lane'],
  ['bpmn:Message', 'message'],
  ['bpmn:Signal', 'signal'],
  ['bpmn:Error', 'error'],
  ['bpmn:Escalation', 'escalation'],
];
const GIVEN = new RegExp(`^(?:(?:${BEGINS.map(([, word]) => word).join('|')})_\\d+|\\w+_[0-9a-z]{7})$`);

// Whether nobody has chosen this id.
export const isGiven = (id) => GIVEN.test(id);

// ``taken``: the ids that versions of the process have used. None of them comes back for something else.
export function readableIds(taken) {
  function Readable(bpmnFactory, moddle) {
    const ensure = bpmnFactory._ensureId.bind(bpmnFactory);
    const used = new Set(taken);
    bpmnFactory._ensureId = (element) => {
      const [, word] = BEGINS.find(([type]) => is(element, type)) ?? [];
      if (word && !element.id) element.id = next(word);
      ensure(element);
    };
    function next(word) {
      let count = 1;
      while (used.has(`${word}_${count}`) || moddle.ids.assigned(`${word}_${count}`)) count += 1;
      used.add(`${word}_${count}`);
      return `${word}_${count}`;
    }
  }
  Readable.$inject = ['bpmnFactory', 'moddle'];
  return { __init__: ['readableIds'], readableIds: ['type', Readable] };
}
