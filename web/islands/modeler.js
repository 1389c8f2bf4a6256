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
import { checkProblems } from './modeler/problems.js';
import { ducha } from './modeler/ducha.js';
import { fitter, label, tools } from './modeler/tools.js';
import { hasPicture, laidOut, offerLayout } from './modeler/layout.js';
import { keepSaved } from './modeler/saving.js';
import { agreementWords, markAgreements } from './modeler/marks.js';
import { offering } from './modeler/offering.js';
import { openPanel } from './modeler/panel.js';
import { renaming } from './modeler/renaming.js';
import { server } from './modeler/server.js';
import { translateMarkup, translating } from './modeler/translating.js';
import { canBeDrawn, onlyKept, tellUnshown } from './modeler/unshown.js';
import { keepWhole } from './modeler/whole.js';

async function draw(mount) {
  const { language } = mount.dataset;
  const texts = JSON.parse(mount.dataset.texts);
  const say = (text, values = {}) => {
    if (!(text in texts)) console.error(`The page gave no words for “${text}”`);
    const said = texts[text] ?? text;
    return Object.entries(values).reduce((whole, [name, value]) => whole.replaceAll(`{${name}}`, () => value), said);
  };
  const office = server(mount.dataset.modeler);
  const canvas = mount.querySelector('.modeler-canvas');
  const modeler = new Modeler({
    container: canvas,
    additionalModules: [minimap, colors, simulation, offering, renaming, translating(language)],
    moddleExtensions: { ducha },
  });
  translateMarkup(canvas, language);
  const [xml, vocabulary] = await Promise.all([office.diagram(), office.vocabulary()]);
  keepWhole(modeler);
  if (!canBeDrawn(xml)) {
    onlyKept(document, mount, say);
    return;
  }
  tellUnshown(document, modeler, say);
  await modeler.importXML(await laidOut(xml));
  const fit = fitter(modeler);
  fit();
  const panel = openPanel(mount.querySelector('.modeler-panel'), modeler, office, vocabulary, say);
  const problems = checkProblems(document, modeler, office, say, panel.tell);
  const renew = async () => {
    Object.assign(vocabulary, await office.vocabulary());
    panel.renew();
    await problems.check();
  };
  const loaded = { revision: Number(mount.dataset.revision), xml };
  const saving = keepSaved(document, modeler, office, loaded, say, problems, renew);
  tools(document, modeler);
  markAgreements(modeler, agreementWords(say));
  offerLayout(document, modeler, say, fit, saving);
  label(canvas, mount.dataset.label);
  modeler.on('ducha.form.wanted', ({ form, title }) => {
    vocabulary.forms.push({ name: form, title, fields: [] });
    saving.withForms({ [form]: { name: form, title, fields: [] } });
    panel.show();
  });
  if (!hasPicture(xml)) saving.changed();
  problems.show(await office.problems());
  mount.dataset.ready = '';
}

for (const mount of document.querySelectorAll('[data-modeler]')) {
  draw(mount).catch((fault) => {
    document.querySelector('[data-told]').textContent = `${mount.dataset.failed} (${fault.message})`;
  });
}
