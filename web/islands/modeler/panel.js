// The panel beside the drawing: what the selected element says, in questions that offer what exists.
// A group is a function of (reader, words) that gives the parts to show; see groups.js for which element has which.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { groupsOf } from './groups.js';
import { reading } from './reading.js';

const KINDS = [
  ['bpmn:Process', 'Process'],
  ['bpmn:Collaboration', 'Process'],
  ['bpmn:Participant', 'Process'],
  ['bpmn:Lane', 'Lane'],
  ['bpmn:SequenceFlow', 'Flow'],
  ['bpmn:Gateway', 'Gateway'],
  ['bpmn:Event', 'Event'],
  ['bpmn:Activity', 'Step'],
];

export function openPanel(place, modeler, vocabulary, say) {
  const selection = modeler.get('selection');
  let shown = null;

  function show() {
    const chosen = selection.get();
    if (chosen.length > 1) {
      shown = null;
      place.textContent = say('Several things are selected');
      return;
    }
    const element = chosen[0]?.labelTarget ?? chosen[0] ?? modeler.get('canvas').getRootElement();
    const typing = place.contains(document.activeElement) && shown === element.id ? document.activeElement.name : '';
    shown = element.id;
    const reader = reading(modeler, element, vocabulary, say, show);
    const title = document.createElement('h2');
    title.textContent = say(KINDS.find(([type]) => is(element, type))?.[1] ?? 'Step');
    place.replaceChildren(title, ...groupsOf(element).flatMap((group) => group(reader)).filter(Boolean));
    if (typing) place.querySelector(`[name="${CSS.escape(typing)}"]`)?.focus();
  }

  modeler.on('selection.changed', show);
  modeler.on('elements.changed', ({ elements }) => {
    const mine = elements.some((one) => one.id === shown || one.labelTarget?.id === shown);
    if (mine && !place.contains(document.activeElement)) show();
  });
  modeler.on('import.done', show);
  show();
  return { show };
}
