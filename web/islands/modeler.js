// The modeler: bpmn-js with a panel of our own, which offers what exists; checked by the server and saved while one draws.
// Mounted on [data-modeler="<address of the draft>"]; data-revision is the state that was loaded.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import 'bpmn-js-color-picker/colors/color-picker.css';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';
import './modeler/modeler.css';
import Modeler from 'bpmn-js/lib/Modeler';
import minimap from 'diagram-js-minimap';
import colors from 'bpmn-js-color-picker';
import simulation from 'bpmn-js-token-simulation';
import { layoutProcess } from 'bpmn-auto-layout';
import { checkProblems } from './modeler/problems.js';
import { ducha } from './modeler/ducha.js';
import { keepSaved } from './modeler/saving.js';
import { openPanel } from './modeler/panel.js';
import { server } from './modeler/server.js';
import { translating } from './modeler/translating.js';

async function draw(mount) {
  const texts = JSON.parse(mount.dataset.texts);
  const say = (text, values = {}) =>
    Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), texts[text] ?? text);
  const office = server(mount.dataset.modeler);
  const modeler = new Modeler({
    container: mount.querySelector('.modeler-canvas'),
    additionalModules: [minimap, colors, simulation, translating(mount.dataset.language)],
    moddleExtensions: { ducha },
  });
  const [xml, vocabulary] = await Promise.all([office.diagram(), office.vocabulary()]);
  await modeler.importXML(await laidOut(xml));
  modeler.get('canvas').zoom('fit-viewport', 'auto');
  const panel = openPanel(mount.querySelector('.modeler-panel'), modeler, vocabulary, say);
  const problems = checkProblems(document, modeler, say);
  const saving = keepSaved(document, modeler, office, Number(mount.dataset.revision), say, problems);
  document.querySelector('[data-layout]').addEventListener('click', async () => {
    const { xml: drawn } = await modeler.saveXML({ format: true });
    await modeler.importXML(await layoutProcess(drawn));
    modeler.get('canvas').zoom('fit-viewport', 'auto');
    panel.show();
    saving.changed();
  });
  if (!hasPicture(xml)) saving.changed();
  problems.list(await office.problems());
  mount.dataset.ready = '';
}

const hasPicture = (xml) => /<(\w+:)?BPMNShape\b/.test(xml);

// What was made by a program may have no picture yet.
const laidOut = (xml) => (hasPicture(xml) ? xml : layoutProcess(xml));

for (const mount of document.querySelectorAll('[data-modeler]')) draw(mount);
