// The drawing tool knows less of BPMN than a file may hold: what it can't read or show it leaves out when it writes, and some
// of it it writes wrongly. So each diagram is read and written once untouched; what is lost or made up on that way is put
// right in everything that is written later, unless it was changed or deleted by a person.
import { index, mend } from './mending.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

// From now on `importXML` and `saveXML` of the modeler lose nothing.
export function keepWhole(modeler) {
  const moddle = modeler.get('moddle');
  const [read, write] = [modeler.importXML.bind(modeler), modeler.saveXML.bind(modeler)];
  let whole = null; // what the file held, what the tool keeps of it, and the ids that its elements had
  modeler.importXML = async (xml, ...more) => {
    whole = null;
    const { rootElement } = await moddle.fromXML(xml);
    const told = (await moddle.toXML(rootElement, { format: true })).xml;
    const answer = await read(xml, ...more);
    const opened = index(parse((await write({ format: true })).xml));
    const made = new Map([...index(parse(told))].filter(([key]) => opened.has(key)));
    whole = { was: index(parse(xml)), made, ids: idsOf(modeler.getDefinitions()) };
    return answer;
  };
  modeler.saveXML = async (options) => {
    const written = await write(options);
    return whole ? { ...written, xml: restored(whole, written.xml) } : written;
  };
}

function restored({ was, made, ids }, xml) {
  const drawn = parse(xml);
  const old = new Map([...ids].filter(([element, id]) => element.id !== id).map(([element, id]) => [element.id, id]));
  return mend({ was, made, now: index(drawn, old), drawn, old }) ? HEAD + new XMLSerializer().serializeToString(drawn.documentElement) : xml;
}

function parse(xml) {
  const found = new DOMParser().parseFromString(xml, 'application/xml');
  const fault = found.querySelector('parsererror');
  if (fault) throw new Error(fault.textContent);
  return found;
}

// Element of the tool -> the id it came with: whoever renames it does not lose what belongs to it.
function idsOf(root) {
  const found = new Map();
  const [seen, waiting] = [new Set(), [root]];
  while (waiting.length) {
    const one = waiting.pop();
    if (!one?.$descriptor || seen.has(one)) continue;
    seen.add(one);
    if (one.id) found.set(one, one.id);
    for (const property of one.$descriptor.properties ?? []) {
      if (property.isReference || property.isVirtual) continue;
      const value = one[property.name];
      waiting.push(...(Array.isArray(value) ? value : [value]));
    }
  }
  return found;
}
