// What stands above the drawing: undo, redo, the whole picture; and what makes the drawing usable with keys and readers.
const MARGIN = 110; // pixels at the left, where the palette stands
const LEAST = 0.45; // below this scale names can't be read: then the view begins at the left

export function tools(page, modeler) {
  const stack = modeler.get('commandStack');
  const [undo, redo] = ['undo', 'redo'].map((name) => page.querySelector(`[data-${name}]`));
  undo.addEventListener('click', () => stack.canUndo() && stack.undo());
  redo.addEventListener('click', () => stack.canRedo() && stack.redo());
  const able = () => {
    undo.disabled = !stack.canUndo();
    redo.disabled = !stack.canRedo();
  };
  modeler.on('commandStack.changed', able);
  able();
  page.querySelector('[data-fit]').addEventListener('click', () => modeler.get('canvas').zoom('fit-viewport', 'auto'));
}

export function fitter(modeler) {
  const canvas = modeler.get('canvas');
  return () => {
    const { inner, outer } = canvas.viewbox();
    if (!inner.width || !outer.width) return;
    const whole = Math.min((outer.width - MARGIN - 20) / inner.width, (outer.height - 40) / inner.height, 1);
    const scale = Math.max(whole, Math.min(LEAST, 1));
    const [width, height] = [outer.width / scale, outer.height / scale];
    const y = scale > whole ? inner.y - 30 / scale : inner.y + inner.height / 2 - height / 2;
    canvas.viewbox({ x: inner.x - MARGIN / scale, y, width, height });
  };
}

// Names for what the drawing tool leaves without: its links and its tools.
export function label(place, words) {
  place.querySelector('svg')?.setAttribute('aria-label', words);
  place.querySelector('.bjs-powered-by')?.setAttribute('aria-label', 'bpmn.io');
  place.querySelector('.djs-container')?.setAttribute('aria-label', words);
}
