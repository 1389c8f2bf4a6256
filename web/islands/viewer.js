// The diagram of an instance with its progress: done, under way, failed, cancelled, and the flows that were taken.
// Mounted on [data-diagram="<address of the XML>"] with the states as JSON in data-progress:
// {"elements": {id: {state, times}}, "flows": [id], "here": id | null}. Names reach the page as text only.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { ducha } from './modeler/ducha.js';
import { markAgreements } from './modeler/marks.js';

// Below this scale names can't be read: then the view begins where the case stands, and a button shows the whole.
const READABLE = 0.6;
const COMFORTABLE = 0.8;

async function show(mount) {
  const canvasElement = mount.querySelector('.diagram-canvas');
  const progress = JSON.parse(mount.dataset.progress);
  const viewer = new NavigatedViewer({ container: canvasElement, moddleExtensions: { ducha } });
  const answer = await fetch(mount.dataset.diagram, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${answer.status}`);
  await viewer.importXML(await answer.text());
  draw(viewer, progress);
  markAgreements(viewer, JSON.parse(mount.dataset.agreements ?? '{}'));
  begin(viewer, progress);
  tools(mount, viewer, progress);
  label(canvasElement, mount.dataset.label);
  mount.classList.add('diagram-ready');
}

function draw(viewer, progress) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const elements = viewer.get('elementRegistry');
  for (const [id, { state, times }] of Object.entries(progress.elements)) {
    const element = elements.get(id);
    if (!element) continue;
    canvas.addMarker(id, `st-${state}`);
    if (element.children?.length) canvas.addMarker(id, 'st-inside');
    if (times > 1 && is(element, 'bpmn:Activity')) {
      const badge = document.createElement('div');
      badge.className = `times times-${state}`;
      badge.textContent = `×${times}`;
      overlays.add(id, { position: { top: -11, right: 14 }, html: badge });
    }
  }
  for (const id of progress.flows) if (elements.get(id)) canvas.addMarker(id, 'st-taken');
  if (progress.here && elements.get(progress.here)) canvas.addMarker(progress.here, 'st-here');
}

function begin(viewer, progress) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() < READABLE) goTo(viewer, places(viewer, progress));
}

// Where the case stands: the step of the page, else what is under way or halted, else what was passed last.
function places(viewer, progress) {
  const elements = viewer.get('elementRegistry');
  const known = Object.entries(progress.elements)
    .map(([id, { state }]) => ({ element: elements.get(id), state }))
    .filter(({ element }) => element && is(element, 'bpmn:FlowNode') && !is(element, 'bpmn:SubProcess'));
  const here = progress.here && elements.get(progress.here);
  if (here) return [here];
  for (const wanted of [['failed'], ['active'], ['completed']]) {
    const found = known.filter(({ element, state }) => wanted.includes(state) && is(element, 'bpmn:Activity'));
    if (found.length) return wanted[0] === 'completed' ? [found.at(-1).element] : found.map(({ element }) => element);
  }
  return [];
}

function goTo(viewer, elements) {
  if (!elements.length) return;
  const canvas = viewer.get('canvas');
  const left = Math.min(...elements.map((one) => one.x));
  const right = Math.max(...elements.map((one) => one.x + one.width));
  const top = Math.min(...elements.map((one) => one.y));
  const bottom = Math.max(...elements.map((one) => one.y + one.height));
  const { outer } = canvas.viewbox();
  const room = Math.min(outer.width / (right - left + 160), outer.height / (bottom - top + 120));
  const scale = Math.min(COMFORTABLE, Math.max(room, canvas.zoom()));
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({ x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height });
}

function tools(mount, viewer, progress) {
  const canvas = viewer.get('canvas');
  const acts = {
    in: () => canvas.zoom(canvas.zoom() * 1.25, 'auto'),
    out: () => canvas.zoom(canvas.zoom() / 1.25, 'auto'),
    whole: () => canvas.zoom('fit-viewport', 'auto'),
    here: () => goTo(viewer, places(viewer, progress)),
  };
  for (const button of mount.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', acts[button.dataset.zoom]);
  }
  addEventListener('beforeprint', acts.whole);
}

// One picture for a screen reader: the record beside it tells the same in words. The keyboard can still move it.
function label(canvasElement, words) {
  const picture = canvasElement.querySelector('svg');
  picture?.setAttribute('role', 'img');
  picture?.setAttribute('aria-label', words);
  canvasElement.querySelector('.bjs-powered-by')?.setAttribute('aria-label', 'bpmn.io');
}

for (const mount of document.querySelectorAll('[data-diagram]')) {
  show(mount).catch(() => {
    mount.querySelector('.diagram-wait').replaceChildren(mount.dataset.failed);
  });
}
