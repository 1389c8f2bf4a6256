// Puts elements in order: for diagrams that have no picture, and when it is asked for.
import { layoutProcess } from 'bpmn-auto-layout';

export const hasPicture = (xml) => /<(\w+:)?BPMNShape\b/.test(xml);

export const laidOut = (xml) => (hasPicture(xml) ? xml : layoutProcess(xml));

// What a layout that is made by a program would not draw is not laid out anew: it would be lost from the picture.
const DRAWN = new Set(['bpmn:Participant', 'bpmn:Lane', 'bpmn:Group', 'bpmn:TextAnnotation', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference', 'bpmn:MessageFlow']);

export function offerLayout(page, modeler, say, fit, saving) {
  const button = page.querySelector('[data-layout]');
  const told = page.querySelector('[data-told]');
  let before = null; // the XML to go back to
  const back = (xml) => {
    before = xml;
    button.textContent = say(xml ? 'Put it back as it was' : 'Lay it out anew');
  };
  const show = async (xml) => {
    await modeler.importXML(xml);
    fit();
    saving.changed();
  };
  button.addEventListener('click', async () => {
    told.textContent = '';
    if (before) {
      const old = before;
      await show(old);
      back(null);
      return;
    }
    if (modeler.get('elementRegistry').find(({ businessObject }) => DRAWN.has(businessObject?.$type))) {
      told.textContent = say('A diagram with pools, lanes or notes is not laid out by the program: they would be lost from the picture.');
      return;
    }
    const { xml } = await modeler.saveXML({ format: true });
    await show(await layoutProcess(xml));
    back(xml);
  });
  modeler.on('commandStack.changed', ({ trigger }) => trigger === 'execute' && before && back(null));
}
