// The drawing tool knows less of BPMN than a file may hold: what it can't read or show it leaves out when it writes, and some
// of it it writes wrongly. So each diagram is written once untouched; what is lost or made up on that way is put right in
// everything that is written later, unless it was changed or deleted by a person.
import { index, mend } from './mending.js';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

// From now on `importXML` and `saveXML` of the modeler lose nothing.
export function keepWhole(modeler) {
  const [read, write] = [modeler.importXML.bind(modeler), modeler.saveXML.bind(modeler)];
  let whole = Promise.resolve(null); // what the file held and what the tool keeps of it; null where that is all
  modeler.importXML = async (xml, ...more) => {
    const answer = await read(xml, ...more);
    // In a moment, before anybody can change something: who opens a diagram need not wait for it.
    whole = new Promise((done) => setTimeout(done)).then(() => untouched(modeler, xml, write));
    return answer;
  };
  modeler.saveXML = async (options) => {
    const known = await whole;
    const written = await write(options);
    return known ? { ...written, xml: restored(known, written.xml) } : written;
  };
}

async function untouched(modeler, xml, write) {
  const ids = idsOf(modeler.getDefinitions());
  const opened = parse((await write({ format: true })).xml);
  const [was, made] = [index(parse(xml)), index(opened)];
  const trial = opened.cloneNode(true);
  return mend({ was, made, now: index(trial), drawn: trial, old: new Map() }) ? { was, made, ids } : null;
}

function restored({ was, made, ids }, xml) {
  const drawn = parse(xml);
  const old = new Map([...ids].filter(([element, id]) => element.id !== id).map(([element, id]) => [element.id, id]));
  const changed = mend({ was, made, now: index(drawn, old), drawn, old });
  return changed ? HEAD + new XMLSerializer().serializeToString(drawn.documentElement) : xml;
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
