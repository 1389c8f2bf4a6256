// Compares a document with what a tool made of it, and puts into a third one, which the tool wrote later, what it had lost.
// Elements are found again by id, or by their place among those of their kind.
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const KNOWN = /^https?:\/\/www\.omg\.org\/spec\/(BPMN|DD)\//; // elements whose ids are theirs alone
const DRAWN = /^http:\/\/www\.omg\.org\/spec\/(BPMN|DD)\/20100524\/D[IC]$/; // pages that the tool adds hold what was elsewhere before

// Key -> element, in the order of the document. ``old``: ids as they are now -> as they were.
export function index(document, old = new Map()) {
  const found = new Map();
  const walk = (node, key) => {
    found.set(key, node);
    const counted = new Map();
    for (const child of node.children) {
      const kind = `{${child.namespaceURI}}${child.localName}`;
      const id = KNOWN.test(child.namespaceURI) ? child.getAttribute('id') : null;
      const number = counted.get(kind) ?? 0;
      if (!id) counted.set(kind, number + 1);
      walk(child, id ? `#${old.get(id) ?? id}|${kind}` : `${key}/${kind}${number}`);
    }
  };
  walk(document.documentElement, '');
  return found;
}

// ``was``, ``made``, ``now``: the indexes of the document, of what the tool made of it, and of ``drawn``, which is changed.
// A shape of something that was deleted is not brought back.
// Says whether anything was.
export function mend({ was, made, now, drawn, old }) {
  const keys = new Map([...was].map(([key, node]) => [node, key]));
  const ids = new Set([...drawn.querySelectorAll('[id]')].map(({ id }) => old.get(id) ?? id));
  let changed = false;
  const did = () => (changed = true);
  for (const [key, { namespaceURI }] of made) {
    if (was.has(key) || !now.has(key) || DRAWN.test(namespaceURI)) continue;
    now.get(key).remove();
    now.delete(key);
    did();
  }
  for (const [key, node] of was) {
    const [told, target] = [made.get(key), now.get(key)];
    if (told && target) {
      if (attributes(node, told, target)) did();
      if (texts(node, told, target, drawn)) did();
    } else if (!told && !target && node.parentElement) {
      const parent = keys.get(node.parentElement);
      if (!made.has(parent) || !now.has(parent)) continue;
      if (node.hasAttribute('bpmnElement') && !ids.has(node.getAttribute('bpmnElement'))) continue;
      const copy = copied(node, drawn, old);
      place(node, copy, now.get(parent), keys, now);
      now.set(key, copy);
      did();
    }
  }
  return changed;
}

// What an element says, whatever its prefixes.
function signature(node) {
  const names = [...node.attributes].filter(({ namespaceURI }) => namespaceURI !== XMLNS);
  const said = names.map((one) => `${one.namespaceURI ?? ''}|${one.localName}=${one.value}`).sort();
  const parts = [...node.childNodes].map((one) => {
    if (one.nodeType === Node.ELEMENT_NODE) return signature(one);
    return isText(one) && (one.data.trim() || !node.children.length) ? one.data : '';
  });
  return JSON.stringify([node.namespaceURI, node.localName, said, parts.filter(Boolean)]);
}

const isText = ({ nodeType }) => nodeType === Node.TEXT_NODE || nodeType === Node.CDATA_SECTION_NODE;
const isMixed = (node) => node.children.length > 0 && [...node.childNodes].some((one) => isText(one) && one.data.trim());

// A place that the tool has changed itself: it moves what is inside a closed sub-process onto a page of its own.
const isMoved = (one, told) => told !== null && one !== '' && Number(one) !== Number(told) && !Number.isNaN(Number(one) + Number(told));

// What is as the tool made it becomes what it was; what somebody has changed since stays.
function attributes(node, told, target) {
  let changed = false;
  const of = (element, { namespaceURI, localName }) => element.getAttributeNS(namespaceURI, localName);
  for (const one of node.attributes) {
    if (one.name === 'xmlns' || (one.namespaceURI === XSI && one.localName === 'type' && of(told, one))) continue;
    if (one.value === of(told, one) || of(target, one) !== of(told, one) || isMoved(one.value, of(told, one))) continue;
    target.setAttributeNS(one.namespaceURI, one.name, one.value);
    changed = true;
  }
  for (const one of told.attributes) {
    if (one.namespaceURI === XMLNS || of(node, one) !== null || of(target, one) !== one.value) continue;
    target.removeAttributeNS(one.namespaceURI, one.localName);
    changed = true;
  }
  return changed;
}

function texts(node, told, target, drawn) {
  if (isMixed(node)) {
    const [made, now] = [signature(told), signature(target)];
    if (made === signature(node) || made !== now) return false;
    target.replaceChildren(...[...node.childNodes].map((one) => drawn.importNode(one, true)));
    return true;
  }
  if (node.children.length || told.children.length || target.children.length) return false;
  if (node.textContent === told.textContent || told.textContent !== target.textContent) return false;
  target.textContent = node.textContent;
  return true;
}

// A copy for the other document: the names of types with its prefixes, ids as they are now.
function copied(node, drawn, old) {
  const copy = drawn.importNode(node, true);
  const renamed = new Map([...old].map(([now, was]) => [was, now]));
  const [theirs, ours] = [[node, ...node.querySelectorAll('*')], [copy, ...copy.querySelectorAll('*')]];
  ours.forEach((one, at) => {
    const type = one.getAttributeNS(XSI, 'type');
    if (type) one.setAttributeNS(XSI, 'xsi:type', typed(type, theirs[at], drawn.documentElement));
    for (const attribute of one.attributes) if (renamed.has(attribute.value)) attribute.value = renamed.get(attribute.value);
    if (!one.children.length && renamed.has(one.textContent.trim())) one.textContent = renamed.get(one.textContent.trim());
  });
  return copy;
}

function typed(type, node, root) {
  const [name, prefix] = type.split(':').reverse();
  const namespace = node.lookupNamespaceURI(prefix ?? null);
  if (root.lookupNamespaceURI(null) === namespace) return name;
  const own = root.lookupPrefix(namespace);
  return own ? `${own}:${name}` : type;
}

// After the nearest element before it that is still there: the standard prescribes the order.
function place(node, copy, parent, keys, now) {
  for (let before = node.previousElementSibling; before; before = before.previousElementSibling) {
    const here = now.get(keys.get(before));
    if (here?.parentNode === parent) {
      here.after(copy);
      return;
    }
  }
  parent.prepend(copy);
}
