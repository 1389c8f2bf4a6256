// On every page: what was handed in on this phone and has not arrived. Here it is tried again.
import { sendAll, waiting } from './outbox.js';
import { all } from './store.js';

const AGAIN = 30_000; // ms

export function showOutbox(root) {
  const box = root.querySelector('[data-outbox]');
  if (!box || !('indexedDB' in window) || root.querySelector('form[data-offline]')) return;
  const texts = JSON.parse(box.dataset.texts);

  const draw = async (arrived) => {
    const left = (await all('outbox')).filter((one) => one.owner === box.dataset.owner);
    box.hidden = !left.length && !arrived;
    box.replaceChildren();
    if (arrived) box.append(`${texts.arrived.replace('{count}', arrived)} `);
    if (left.length) box.append(`${texts.waiting.replace('{count}', left.length)} `);
    for (const one of left) box.append(Object.assign(document.createElement('a'), { href: one.page, textContent: one.title }), ' ');
  };
  const attempt = async () => {
    const results = (await waiting()).length ? [...(await sendAll()).values()] : [];
    await draw(results.filter((one) => one.state === 'done').length);
  };
  attempt().catch(() => {});
  addEventListener('online', () => attempt().catch(() => {}));
  setInterval(async () => (await waiting()).length && document.visibilityState === 'visible' && attempt().catch(() => {}), AGAIN);
}
