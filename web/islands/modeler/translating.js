// The drawing tool's own words in Chinese: those of bpmn-js-i18n-zh, and the ones it lacks or says otherwise than here.
import packaged from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';
import { missing } from './missing.js';

const words = { ...packaged, ...missing };
const SIMULATION = '[class*="bts-"]';

export function translating(language) {
  if (!language.startsWith('zh')) return {};
  const translate = (template, values = {}) =>
    (words[template] ?? template).replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
  return { translate: ['value', translate] };
}

// The simulation's words are written into its markup, so they are replaced where they appear.
export function translateSimulation(place, language) {
  if (!language.startsWith('zh')) return;
  const replace = (node) => {
    if (!(node instanceof Element) || !node.closest(SIMULATION)) return;
    for (const one of [node, ...node.querySelectorAll('*')]) {
      if (words[one.title]) one.title = words[one.title];
      for (const child of one.childNodes) {
        const said = child.nodeType === Node.TEXT_NODE ? child.data.trim() : '';
        if (words[said]) child.data = child.data.replace(said, words[said]);
      }
    }
  };
  replaceWithin(place, replace);
  const seen = (changes) => {
    for (const { target, addedNodes } of changes) [target, ...addedNodes].forEach(replace);
  };
  new MutationObserver(seen).observe(place, { childList: true, subtree: true, attributeFilter: ['title'] });
}

const replaceWithin = (place, replace) => place.querySelectorAll(SIMULATION).forEach(replace);
