// The diagram of an instance with its progress: done, under way, failed, cancelled, and the flows that were taken.
// Mounted on [data-diagram="<address of the XML>"] with the states as JSON in data-progress:
// {"elements": {id: {state, times}}, "flows": [id], "here": id | null}. Names reach the page as text only.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

async function show(mount) {
  const canvasElement = mount.querySelector('.diagram-canvas');
  const progress = JSON.parse(mount.dataset.progress);
  const viewer = new NavigatedViewer({ container: canvasElement });
  const answer = await fetch(mount.dataset.diagram, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${answer.status}`);
  await viewer.importXML(await answer.text());
  draw(viewer, progress);
  fit(viewer, progress.here);
  tools(mount, viewer, progress.here);
  quiet(canvasElement);
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
    if (times > 1) {
      const badge = document.createElement('div');
      badge.className = `times times-${state}`;
      badge.textContent = `×${times}`;
      overlays.add(id, { position: { top: -11, right: 14 }, html: badge });
    }
  }
  for (const id of progress.flows) if (elements.get(id)) canvas.addMarker(id, 'st-taken');
  if (progress.here && elements.get(progress.here)) canvas.addMarker(progress.here, 'st-here');
}

function fit(viewer, here) {
  const canvas = viewer.get('canvas');
  const element = here && viewer.get('elementRegistry').get(here);
  canvas.zoom('fit-viewport', 'auto');
  if (!element) return;
  // close enough to read the names around the place that matters
  const { outer } = canvas.viewbox();
  const scale = Math.max(canvas.zoom(), 0.62);
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({
    x: element.x + element.width / 2 - width / 2,
    y: element.y + element.height / 2 - height / 2,
    width,
    height,
  });
}

function tools(mount, viewer, here) {
  const canvas = viewer.get('canvas');
  const acts = {
    in: () => canvas.zoom(canvas.zoom() * 1.25, 'auto'),
    out: () => canvas.zoom(canvas.zoom() / 1.25, 'auto'),
    whole: () => canvas.zoom('fit-viewport', 'auto'),
    here: () => fit(viewer, here),
  };
  for (const button of mount.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', acts[button.dataset.zoom]);
  }
  addEventListener('beforeprint', acts.whole);
}

// The drawing is decoration for a screen reader: the record beside it tells the same in words.
function quiet(canvasElement) {
  canvasElement.querySelector('svg')?.setAttribute('aria-hidden', 'true');
  const stamp = canvasElement.querySelector('.bjs-powered-by');
  stamp?.setAttribute('aria-label', 'bpmn.io');
}

for (const mount of document.querySelectorAll('[data-diagram]')) {
  show(mount).catch(() => {
    mount.querySelector('.diagram-wait').replaceChildren(mount.dataset.failed);
  });
}
