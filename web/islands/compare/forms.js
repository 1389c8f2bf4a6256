// Both editions of a form as they are filled in, drawn by the server when they are first looked at.
import { make } from '../designer/dom.js';

// labels: what the earlier and the later version are called.
export function showForms(page, labels, say) {
  for (const box of page.querySelectorAll('[data-form]')) {
    box.addEventListener('toggle', () => box.open && fill(box, labels, say));
  }
}

async function fill(box, labels, say) {
  const sides = box.querySelector('[data-sides]');
  if (sides.childElementCount) return;
  const address = new URL(box.dataset.address, location.href);
  address.searchParams.set('name', box.dataset.form);
  const answer = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok) {
    sides.replaceChildren(make('p', { role: 'alert' }, say('The connection is lost.')));
    box.addEventListener('toggle', () => sides.replaceChildren(), { once: true }); // it is asked again next time
    return;
  }
  const found = await answer.json();
  sides.replaceChildren(...[found.before, found.after].map((side, at) => one(side, labels[at], say)));
}

function one({ html, note }, label, say) {
  const head = make('h3', {}, label);
  if (html === null) return make('div', {}, head, make('p', { className: 'soft' }, note));
  const frame = make('iframe', { className: 'compare-form', title: say('Form: {name}', { name: label }), srcdoc: html });
  // As high as what is in it: the page scrolls, not the frame.
  frame.addEventListener('load', () => {
    const inner = frame.contentDocument.querySelector('main');
    new ResizeObserver(() => {
      frame.style.height = `${Math.ceil(inner.getBoundingClientRect().height)}px`;
    }).observe(inner);
  });
  return make('div', {}, head, frame);
}
