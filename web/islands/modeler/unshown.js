// What the drawing tool does not show: it stays in the file, and a sentence says so.
const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL';

// Choreographies have no picture here; a file with nothing else is not opened.
export function canBeDrawn(xml) {
  const root = new DOMParser().parseFromString(xml, 'application/xml').documentElement;
  return [...root.children].some(({ namespaceURI, localName }) => namespaceURI === BPMN && ['process', 'collaboration'].includes(localName));
}

export function onlyKept(page, mount, say) {
  page.querySelector('[data-told]').textContent = say('The program can’t draw a choreography. It is kept as it is, and exported so.');
  page.querySelector('.modeler-acts').remove();
  mount.remove();
}

// Each time a diagram is opened; once it is written, the tool has forgotten what it does not show.
export function tellUnshown(page, modeler, say) {
  modeler.on('import.done', ({ error }) => {
    if (!error) page.querySelector('[data-told]').textContent = unshown(modeler, say).join(' ');
  });
}

function unshown(modeler, say) {
  const elements = modeler.get('elementRegistry');
  const roots = new Set(modeler.get('canvas').getRootElements().map(({ businessObject }) => businessObject));
  const { diagrams = [] } = modeler.getDefinitions();
  const pages = diagrams.filter(({ plane }) => plane?.bpmnElement && !roots.has(plane.bpmnElement));
  const shown = diagrams.filter((one) => !pages.includes(one)).flatMap(({ plane }) => plane?.planeElement ?? []);
  const left = shown.filter(({ bpmnElement }) => !bpmnElement || !elements.get(bpmnElement.id));
  const names = [...new Set(left.map(({ bpmnElement }) => bpmnElement?.name || bpmnElement?.id).filter(Boolean))].slice(0, 5);
  const told = [];
  if (left.length) told.push(say('{count} things of the picture can’t be shown here ({names}). They stay in the file.', { count: left.length, names: names.join(', ') }));
  if (pages.length) told.push(say('The file has {count} more pages, which are not shown here. They stay in the file.', { count: pages.length }));
  return told;
}
