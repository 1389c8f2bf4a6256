// Several things are selected: they are put in line, spread evenly, copied or taken away together.
import { isAny } from 'bpmn-js/lib/util/ModelUtil';
import { box, press } from './inputs.js';

const ALIGNED = [['left', 'Left edges'], ['center', 'Centres, one below the other'], ['right', 'Right edges'], ['top', 'Upper edges'], ['middle', 'Centres, side by side'], ['bottom', 'Lower edges']];
const SPREAD = [['horizontal', 'Side by side'], ['vertical', 'One below the other']];
const LEAST = 3; // that can be spread evenly

export function arranging(modeler, chosen, say) {
  const title = document.createElement('h2');
  title.textContent = say('{count} things are selected', { count: chosen.filter(({ labelTarget }) => !labelTarget).length });
  const act = (name, options) => () => modeler.get('editorActions').trigger(name, options);
  const row = (presses) => {
    const found = document.createElement('div');
    found.className = 'modeler-presses';
    found.append(...presses);
    return found;
  };
  const shapes = chosen.filter((one) => !one.waypoints && !one.labelTarget && !isAny(one, ['bpmn:Lane']));
  const parts = [];
  if (shapes.length > 1) parts.push(box(say('Put in line'), row(ALIGNED.map(([type, words]) => press(say(words), act('alignElements', { type }), `align-${type}`)))));
  if (shapes.length >= LEAST) parts.push(box(say('Spread evenly'), row(SPREAD.map(([type, words]) => press(say(words), act('distributeElements', { type }), `spread-${type}`)))));
  const both = [press(say('Copy and insert at once'), act('duplicate'), 'copy'), press(say('Delete'), act('removeSelection'), 'delete')];
  return [title, ...parts, row(both)];
}
