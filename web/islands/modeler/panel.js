// The panel beside the drawing: what the selected element says, in questions that offer what exists.
// A group is a function of a reader (reading.js) that gives the parts to show; see groups.js for which element has which.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { arranging } from './arranging.js';
import { groupsOf } from './groups.js';
import { judging } from './judging.js';
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

export function openPanel(place, modeler, office, vocabulary, say) {
  const selection = modeler.get('selection');
  const remarks = new Map(); // element id -> sentences of what is wrong with it
  let [shown, reader, pressing, later] = [null, null, false, false];

  // While something is being pressed the panel stays as it is, or the press would come to nothing.
  function again() {
    if (pressing) later = true;
    else show();
  }
  place.addEventListener('pointerdown', ({ target }) => (pressing = Boolean(target.closest('button, a, label, summary, [type=checkbox]'))));
  const pressed = () => setTimeout(() => {
    pressing = false;
    if (later) show();
  });
  addEventListener('pointerup', pressed);
  addEventListener('pointercancel', pressed);

  function show() {
    later = false;
    const chosen = selection.get();
    if (chosen.length > 1) {
      shown = null;
      place.replaceChildren(...arranging(modeler, chosen, say));
      return;
    }
    const element = chosen[0]?.labelTarget ?? chosen[0] ?? modeler.get('canvas').getRootElement();
    const typing = place.contains(document.activeElement) && shown === element.id ? document.activeElement.name : '';
    const [top, same] = [place.scrollTop, shown === element.id];
    const unfolded = same ? [...place.querySelectorAll('details')].map(({ open }) => open) : [];
    shown = element.id;
    reader = reading(modeler, element, office, vocabulary, say, again);
    const title = document.createElement('h2');
    title.textContent = say(KINDS.find(([type]) => is(element, type))?.[1] ?? 'On the picture only');
    const wrong = document.createElement('ul');
    wrong.className = 'modeler-wrong';
    place.replaceChildren(title, wrong, ...groupsOf(element).flatMap((group) => group(reader)).filter(Boolean));
    tellWrong();
    for (const [at, one] of place.querySelectorAll('details').entries()) one.open = unfolded[at] ?? false;
    place.scrollTop = same ? top : 0;
    if (typing) place.querySelector(`[name="${CSS.escape(typing)}"]`)?.focus();
  }

  function tellWrong() {
    const list = place.querySelector('.modeler-wrong');
    if (!list) return;
    const ids = [shown, reader.object?.id];
    const found = [...new Set(ids)].flatMap((id) => remarks.get(id) ?? []);
    list.replaceChildren(
      ...found.map(({ severity, message }) => {
        const item = document.createElement('li');
        item.className = `problem-${severity}`;
        item.textContent = message;
        return item;
      }),
    );
  }

  // What is wrong, as the server found it: shown with the element it belongs to.
  function tell(problems) {
    remarks.clear();
    for (const one of problems) remarks.set(one.element, [...(remarks.get(one.element) ?? []), one]);
    tellWrong();
  }

  judging(place, office, say, () => reader?.names() ?? []);
  modeler.on('selection.changed', show);
  modeler.on('elements.changed', ({ elements }) => {
    const mine = elements.some((one) => one.id === shown || one.labelTarget?.id === shown);
    if (mine && !place.contains(document.activeElement)) show();
  });
  modeler.on('import.done', show);
  modeler.on('tokenSimulation.toggleMode', ({ active }) => (place.inert = active));
  show();
  // Nothing that somebody is typing is thrown away.
  const renew = () => !place.contains(document.activeElement) && show();
  return { show, renew, tell };
}
