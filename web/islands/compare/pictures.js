// Two pictures of one process that are moved and zoomed together, coloured by what happened to each element.
// What only the browser knows can be one of them: the modeler shows with it what somebody else has saved meanwhile.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './pictures.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { make } from '../designer/dom.js';
import { ducha } from '../modeler/ducha.js';
import { marking } from './marking.js';
import { together } from './together.js';

const SIDES = ['before', 'after'];

// names, xmls: {before, after}; marks: [{id, kind}]. Gives {goTo(id), show(kinds), whole()}.
export async function pictures(place, names, xmls, marks, say) {
  const boxes = Object.fromEntries(SIDES.map((side) => [side, box(side, names[side])]));
  const row = make('div', { className: 'pictures-row' }, boxes.before.figure, boxes.after.figure);
  const views = viewing(names, say);
  const bar = make('div', { className: 'pictures-bar' }, views);
  place.replaceChildren(bar, row);
  row.dataset.view = views.control.value;
  const viewers = {};
  for (const side of SIDES) {
    const viewer = await drawn(boxes[side], xmls[side], say('Diagram: {name}', { name: names[side] }));
    if (viewer) viewers[side] = viewer;
    else boxes[side].canvas.replaceChildren(make('p', { className: 'pictures-failed' }, say("The diagram can't be drawn.")));
  }
  const pair = together(viewers);
  const painted = Object.entries(viewers).map(([side, viewer]) => marking(viewer, side, marks));
  bar.append(zooming(pair, say));
  const look = (view) => {
    views.control.value = row.dataset.view = view;
    pair.look(SIDES.filter((side) => viewers[side] && (view === side || !SIDES.includes(view))));
  };
  views.control.addEventListener('change', () => look(views.control.value));
  look(views.control.value);
  let known = row.clientWidth;
  new ResizeObserver(() => {
    pair.resized();
    // Turned, or in a window of quite another size: what was looked at would lie outside.
    if (Math.abs(row.clientWidth - known) > known / 4) pair.whole();
    known = row.clientWidth;
  }).observe(row);
  pair.whole();
  return {
    whole: pair.whole,
    show: (kinds) => painted.forEach((one) => one.show(kinds)),
    // An element that the only picture does not have is shown in both.
    goTo(id) {
      painted.forEach((one) => one.pick(id));
      if (!pair.sees(id) && pair.has(id)) look('beside');
      pair.goTo(id);
    },
  };
}

function box(side, name) {
  const canvas = make('div', { className: 'pictures-canvas' });
  const figure = make('figure', { className: 'pictures-side', data: { side } }, make('figcaption', {}, name), canvas);
  return { figure, canvas };
}

async function drawn({ canvas }, xml, words) {
  const viewer = new NavigatedViewer({ container: canvas, moddleExtensions: { ducha }, canvas: { deferUpdate: false } });
  try {
    // A diagram without a picture gets the one that the modeler would give it.
    const picture = /BPMNShape\b/.test(xml) ? xml : await (await import('../modeler/layout.js')).laidOut(xml);
    await viewer.importXML(picture);
  } catch {
    viewer.destroy();
    return null;
  }
  const svg = canvas.querySelector('svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', words);
  canvas.querySelector('.bjs-powered-by')?.setAttribute('aria-label', 'bpmn.io');
  return viewer;
}

function viewing(names, say) {
  const views = [
    ['beside', say('Both pictures, side by side')],
    ['stacked', say('Both pictures, one above the other')],
    ...SIDES.map((side) => [side, say('Only: {name}', { name: names[side] })]),
  ];
  const control = make('select', { className: 'form-select', 'aria-label': say('Pictures') }, ...views.map(([value, words]) => make('option', { value }, words)));
  return Object.assign(make('div', { className: 'pictures-views' }, control), { control });
}

function zooming(pair, say) {
  const press = (words, sign, act) => make('button', { type: 'button', className: 'btn btn-icon', 'aria-label': words, title: words, onclick: act }, sign);
  return make('div', { className: 'pictures-zoom' },
    press(say('Zoom in'), '＋', () => pair.zoom(1.25)),
    press(say('Zoom out'), '－', () => pair.zoom(1 / 1.25)),
    make('button', { type: 'button', className: 'btn', onclick: pair.whole }, say('Show the whole diagram')));
}
