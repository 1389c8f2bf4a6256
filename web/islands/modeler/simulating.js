// The simulation of tokens on a large drawing: its buttons are only shown from a certain size on, and go away with it.
import { is } from 'bpmn-js/lib/util/ModelUtil';

const LEAST = 0.6; // scale; the buttons are shown from 0.5 on
const [FIRST, LAST] = [5000, 10]; // priorities, before and after the simulation's own

export function easeSimulation(modeler) {
  let on = false;
  modeler.on('tokenSimulation.toggleMode', FIRST, ({ active }) => {
    on = active;
    if (active) comeNear(modeler);
  });
  // Its end resets it once more, which would bring the buttons back.
  const tidy = () => on || modeler.get('contextPads').closeContextPads();
  modeler.on('tokenSimulation.toggleMode', LAST, tidy);
  modeler.on('tokenSimulation.resetSimulation', LAST, tidy);
}

// Near enough to begin: at the first start event.
function comeNear(modeler) {
  const canvas = modeler.get('canvas');
  if (canvas.zoom() >= LEAST) return;
  canvas.zoom(LEAST, 'auto');
  const [start] = modeler.get('elementRegistry').filter((one) => is(one, 'bpmn:StartEvent') && !one.labelTarget && !is(one.parent, 'bpmn:SubProcess'));
  if (start) canvas.scrollToElement(start, { top: 200, right: 300, bottom: 200, left: 200 });
}
