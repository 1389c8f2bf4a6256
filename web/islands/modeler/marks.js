// How several people decide together, as a small label on the step; in the modeler it follows every change.
// words: {all, any, ratio, weight, in_order, veto}; "{share}" in them is what must agree.
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

const TYPE = 'agreement';

export const agreementWords = (say) => ({
  all: say('All agree'),
  any: say('One is enough'),
  ratio: say('{share} must agree'),
  weight: say('{share} by weight'),
  in_order: say('All in order'),
  veto: say('veto'),
});

export function markAgreements(drawing, words) {
  const overlays = drawing.get('overlays');
  const elements = drawing.get('elementRegistry');

  function mark(element) {
    overlays.remove({ element, type: TYPE });
    const said = told(getBusinessObject(element)?.loopCharacteristics, words);
    if (!said || element.type === 'label') return;
    const html = document.createElement('div');
    html.className = 'agreement-mark';
    html.textContent = said;
    overlays.add(element, TYPE, { position: { bottom: 2, left: 8 }, html });
  }

  elements.forEach(mark);
  drawing.on('import.done', () => elements.forEach(mark));
  drawing.on('elements.changed', ({ elements: changed }) => {
    for (const element of changed) if (elements.get(element.id)) mark(element);
  });
}

function told(loop, words) {
  const rule = loop?.get?.('ducha:agree');
  if (!words[rule]) return '';
  const said = words[rule].replace('{share}', () => share(loop.get('ducha:ratio') ?? ''));
  return loop.get('ducha:veto') ? `${said} · ${words.veto}` : said;
}

// 0.6 is 60 %, 2/3 stays so, and of a longer formula only that there is a share.
function share(text) {
  const plain = text.replace(/^=/, '').trim();
  if (/^(0?\.\d+|1(\.0+)?)$/.test(plain)) return `${Math.round(Number(plain) * 100)} %`;
  return /^\d+\s*\/\s*\d+$/.test(plain) ? plain : '≥ …';
}
