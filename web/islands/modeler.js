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
import { keepCopies, offerCopy } from './modeler/copies.js';
import { checkProblems } from './modeler/problems.js';
import { ducha } from './modeler/ducha.js';
import { fitter, label, tools } from './modeler/tools.js';
import { hasPicture, offerLayout } from './modeler/layout.js';
import { keepSaved } from './modeler/saving.js';
import { agreementWords, markAgreements } from './modeler/marks.js';
import { offering } from './modeler/offering.js';
import { openPanel } from './modeler/panel.js';
import { readableIds } from './modeler/ids.js';
import { renaming } from './modeler/renaming.js';
import { server } from './modeler/server.js';
import { theProcess } from './modeler/reading.js';
import { together } from './modeler/together.js';
import { translateMarkup, translating } from './modeler/translating.js';
import { canBeDrawn, onlyKept, tellUnshown } from './modeler/unshown.js';
import { keepWhole } from './modeler/whole.js';

async function draw(mount) {
  const { language, account, modeler: address } = mount.dataset;
  const texts = JSON.parse(mount.dataset.texts);
  const say = (text, values = {}) => {
    if (!(text in texts)) console.error(`The page gave no words for “${text}”`);
    const said = texts[text] ?? text;
    return Object.entries(values).reduce((whole, [name, value]) => whole.replaceAll(`{${name}}`, () => value), said);
  };
  const office = server(address, account);
  // All is asked for at once; the tool is made, and draws, while the server answers. What fails is told where it is awaited.
  const asked = [office.diagram(), office.vocabulary(), office.problems()];
  for (const one of asked) one.catch(() => {});
  const [drawing, offered, found] = asked;
  const canvas = mount.querySelector('.modeler-canvas');
  const modeler = new Modeler({
    container: canvas,
    additionalModules: [minimap, colors, simulation, offering, renaming, together, readableIds(JSON.parse(mount.dataset.taken)), translating(language)],
    moddleExtensions: { ducha },
  });
  translateMarkup(canvas, language);
  const xml = await drawing;
  keepWhole(modeler);
  if (!canBeDrawn(xml)) {
    onlyKept(document, mount, say);
    return;
  }
  tellUnshown(document, modeler, say);
  await modeler.importXML(hasPicture(xml) ? xml : await office.arranged(xml));
  const fit = fitter(modeler);
  fit();
  const vocabulary = await offered;
  const panel = openPanel(mount.querySelector('.modeler-panel'), modeler, office, vocabulary, say);
  const problems = checkProblems(document, modeler, office, say, panel.tell);
  const renew = async () => {
    Object.assign(vocabulary, await office.vocabulary());
    panel.renew();
    await problems.check();
  };
  const loaded = { revision: Number(mount.dataset.revision), xml };
  const copies = keepCopies(`${account}.${address}`);
  const saving = keepSaved(document, modeler, office, loaded, say, problems, copies, renew);
  tools(document, modeler, say, () => theProcess(modeler.getDefinitions())?.id ?? 'diagram');
  markAgreements(modeler, agreementWords(say));
  offerLayout(document, modeler, office, say, fit, saving);
  label(canvas, mount.dataset.label);
  answer(modeler, vocabulary, saving, panel);
  if (!hasPicture(xml)) saving.changed();
  offerKept(modeler, loaded, copies, saving, { say, language, fit });
  problems.show(await found);
  mount.dataset.ready = '';
}

// What groups of the panel ask for, beyond the drawing.
function answer(modeler, vocabulary, saving, panel) {
  const told = document.querySelector('[data-told]');
  modeler.on('ducha.form.wanted', ({ form, title }) => {
    vocabulary.forms.push({ name: form, title, fields: [] });
    saving.withForms({ [form]: { name: form, title, fields: [] } });
    panel.show();
  });
  let said = ''; // until the next change
  modeler.on('ducha.told', ({ words }) => (told.textContent = said = words));
  modeler.on('commandStack.changed', () => {
    if (said && told.textContent === said) told.textContent = said = '';
  });
  modeler.on('ducha.leave', async ({ address }) => {
    await saving.now();
    location.assign(address);
  });
}

// What could not be saved the last time. If the draft has been saved since by others, it is compared with theirs first.
function offerKept(modeler, loaded, copies, saving, { say, language, fit }) {
  const copy = copies.latest();
  if (!copy || copy.xml === loaded.xml) {
    copies.dropOthers();
    return;
  }
  const take = async () => {
    copies.dropOthers();
    await modeler.importXML(copy.xml);
    fit();
    if (copy.revision < loaded.revision) await saving.outdated(copy.xml);
    else saving.changed();
  };
  offerCopy(document, copy, say, language, { take, drop: copies.dropOthers });
}

for (const mount of document.querySelectorAll('[data-modeler]')) {
  draw(mount).catch((fault) => {
    document.querySelector('[data-told]').textContent = `${mount.dataset.failed} (${fault.message})`;
  });
}
