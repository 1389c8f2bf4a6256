// Two versions of a process beside each other: both pictures, the list of what differs, forms as they are filled in.
// Mounted on [data-compare]; data-before and data-after are the addresses of the diagrams, the list is in the page.
import './compare/compare.css';
import { showForms } from './compare/forms.js';
import { listing } from './compare/listing.js';
import { pictures } from './compare/pictures.js';

async function open(mount) {
  const texts = JSON.parse(mount.dataset.texts);
  const say = (text, values = {}) => Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, () => value), texts[text] ?? text);
  const [before, after] = JSON.parse(mount.dataset.labels);
  const places = [...mount.querySelectorAll('[data-place]')];
  const marks = places.map(({ dataset }) => ({ id: dataset.place, kind: dataset.kind }));
  showForms(document, [before, after], say);
  const list = listing(mount, places, say);
  const xmls = await Promise.all([mount.dataset.before, mount.dataset.after].map(fetched));
  const shown = await pictures(mount.querySelector('[data-pictures]'), { before, after }, { before: xmls[0], after: xmls[1] }, marks, say);
  list.withPictures(shown);
  const filters = [...document.querySelectorAll('[data-kind-filter]')];
  const filter = () => {
    const kinds = filters.filter((one) => one.checked).map((one) => one.dataset.kindFilter);
    shown.show(kinds);
    list.show(kinds);
  };
  for (const one of filters) one.addEventListener('change', filter);
  filter(); // a browser may remember what was ticked
  mount.dataset.ready = '';
}

// Empty for what can't be fetched: then the other picture is still drawn.
async function fetched(address) {
  const answer = await fetch(address, { credentials: 'same-origin' }).catch(() => null);
  return answer?.ok ? answer.text() : '';
}

for (const mount of document.querySelectorAll('[data-compare]')) open(mount);
