// What stands above the drawing: one step back and on, finding, the view, pictures, the keys; and names for readers of the screen.
import { download, picture, pixels } from './pictures.js';
import { easeSimulation } from './simulating.js';
import { gridOf } from './grid.js';
import { showKeys } from './keys.js';

const MARGIN = 150; // pixels at the left, where the palette stands; less on a phone
const LEAST = 0.45; // below this scale names can't be read: then the view begins at the left

export function tools(page, modeler, say, key) {
  const button = (name) => page.querySelector(`[data-${name}]`);
  const press = (name, act) => button(name).addEventListener('click', act);
  backAndOn(modeler, button, press);
  const zoom = modeler.get('zoomScroll');
  press('zoom-in', () => zoom.stepZoom(1));
  press('zoom-out', () => zoom.stepZoom(-1));
  press('fit', () => modeler.get('canvas').zoom('fit-viewport', 'auto'));
  press('find', (event) => {
    event.stopPropagation(); // a press outside closes the search again
    modeler.get('searchPad').open();
  });
  press('keys', () => showKeys(page.querySelector('[data-keys-list]'), say));
  grid(modeler, button('grid'));
  easeSimulation(modeler);
  fullScreen(page, button('full'));
  const failed = () => (page.querySelector('[data-told]').textContent = say('The picture could not be made. Take the other kind.'));
  press('svg', async () => download(new Blob([await picture(modeler)], { type: 'image/svg+xml' }), `${key()}.svg`));
  press('png', () => pixels(modeler).then((blob) => download(blob, `${key()}.png`), failed));
}

function backAndOn(modeler, button, press) {
  const stack = modeler.get('commandStack');
  press('undo', () => stack.canUndo() && stack.undo());
  press('redo', () => stack.canRedo() && stack.redo());
  const able = () => {
    button('undo').disabled = !stack.canUndo();
    button('redo').disabled = !stack.canRedo();
  };
  modeler.on('commandStack.changed', able);
  able();
}

function grid(modeler, button) {
  const show = () => gridOf(modeler)(button.getAttribute('aria-pressed') === 'true');
  button.addEventListener('click', () => {
    button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
    show();
  });
  modeler.on('import.done', show); // a drawing that is loaded anew has no dots yet
}

function fullScreen(page, button) {
  const whole = page.querySelector('[data-whole]');
  button.hidden = !page.fullscreenEnabled;
  button.addEventListener('click', () => (page.fullscreenElement ? page.exitFullscreen() : whole.requestFullscreen()));
  page.addEventListener('fullscreenchange', () => button.setAttribute('aria-pressed', String(page.fullscreenElement === whole)));
}

export function fitter(modeler) {
  const canvas = modeler.get('canvas');
  return () => {
    const { inner, outer } = canvas.viewbox();
    if (!inner.width || !outer.width) return;
    const margin = Math.min(MARGIN, 0.3 * outer.width);
    const whole = Math.min((outer.width - margin - 20) / inner.width, (outer.height - 40) / inner.height, 1);
    const scale = Math.max(whole, Math.min(LEAST, 1));
    const [width, height] = [outer.width / scale, outer.height / scale];
    const y = scale > whole ? inner.y - 30 / scale : inner.y + inner.height / 2 - height / 2;
    canvas.viewbox({ x: inner.x - margin / scale, y, width, height });
  };
}

// Names for what the drawing tool leaves without: its links and its tools.
export function label(place, words) {
  place.querySelector('svg')?.setAttribute('aria-label', words);
  place.querySelector('.bjs-powered-by')?.setAttribute('aria-label', 'bpmn.io');
  place.querySelector('.djs-container')?.setAttribute('aria-label', words);
}
