// The drawing tool's own words in Chinese: those of bpmn-js-i18n-zh, and the ones it lacks or says otherwise than here.
import packaged from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';
import { missing } from './missing.js';

const words = { ...packaged, ...missing };
const WRITTEN = '[class*="bts-"], .djs-popup';
const RUN = /^(.*) (started|finished|canceled)$/;
const FOCUS = /^Focus process instance (.*)$/;

export function translating(language) {
  if (!language.startsWith('zh')) return {};
  const translate = (template, values = {}) =>
    (words[template] ?? template).replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
  return { translate: ['value', translate] };
}

// The simulation and the menus write some words into their markup themselves; they are replaced where they appear.
export function translateMarkup(place, language) {
  if (!language.startsWith('zh')) return;
  const mend = (node) => {
    if (!(node instanceof Element) || !node.closest(WRITTEN)) return;
    for (const one of [node, ...node.querySelectorAll('*')]) {
      for (const name of ['title', 'aria-label']) {
        const said = one.getAttribute(name);
        if (said && inChinese(said) !== said) one.setAttribute(name, inChinese(said));
      }
      for (const child of one.childNodes) {
        const said = child.nodeType === Node.TEXT_NODE ? child.data.trim() : '';
        if (said && inChinese(said) !== said) child.data = child.data.replace(said, () => inChinese(said));
      }
    }
  };
  place.querySelectorAll(WRITTEN).forEach(mend);
  const seen = (changes) => {
    for (const { target, addedNodes } of changes) [target, ...addedNodes].forEach(mend);
  };
  new MutationObserver(seen).observe(place, { childList: true, subtree: true, attributeFilter: ['title', 'aria-label'] });
}

function inChinese(said) {
  const [, what, how] = RUN.exec(said) ?? [];
  if (how) return `${words[what] ?? what}${words[how]}`;
  const [, instance] = FOCUS.exec(said) ?? [];
  return instance ? `只看这一次：${instance}` : (words[said] ?? said);
}
