// Dots at the distance to which elements snap. They move and grow with the drawing, and lie above it: pools would hide them.
const STEP = 10; // pixels, as the drawing tool snaps
const WIDE = 100_000;
const ABOVE = 1; // the drawing itself is at 0
const SVG = 'http://www.w3.org/2000/svg';

// Shows or hides the dots; gives what switches: ``(wanted) => ...``.
export function gridOf(modeler) {
  const layer = modeler.get('canvas').getLayer('ducha-grid', ABOVE);
  const pattern = made('pattern', { id: 'ducha-grid', width: STEP, height: STEP, patternUnits: 'userSpaceOnUse' });
  pattern.append(made('circle', { cx: 0.5, cy: 0.5, r: 0.6, fill: '#8595a5' }));
  const dots = made('rect', { x: -WIDE, y: -WIDE, width: 2 * WIDE, height: 2 * WIDE, fill: 'url(#ducha-grid)', 'pointer-events': 'none' });
  return (wanted) => layer.replaceChildren(...(wanted ? [pattern, dots] : []));
}

function made(name, attributes) {
  const found = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  return found;
}
