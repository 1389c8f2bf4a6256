// Puts elements in order when it is asked for; the server does it, for all that a diagram can hold.
export const hasPicture = (xml) => /<(\w+:)?BPMNShape\b/.test(xml);

// For showing only: this program knows no pools, lanes or notes. It is loaded when it is needed.
export const laidOut = async (xml) => (hasPicture(xml) ? xml : (await import('bpmn-auto-layout')).layoutProcess(xml));

export function offerLayout(page, modeler, office, say, fit, saving) {
  const button = page.querySelector('[data-layout]');
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
    if (before) {
      const old = before;
      await show(old);
      back(null);
      return;
    }
    const { xml } = await modeler.saveXML({ format: true });
    await show(await office.arranged(xml));
    back(xml);
  });
  modeler.on('commandStack.changed', ({ trigger }) => trigger === 'execute' && before && back(null));
}
