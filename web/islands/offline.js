// The page that is shown where there is no network and the wanted page is not kept: what can be gone on with here.
import { all } from './offline/store.js';

const list = document.querySelector('[data-kept-pages]');

const kept = async () => {
  const cache = await caches.open('pages');
  const found = [];
  for (const request of await cache.keys()) {
    const page = new DOMParser().parseFromString(await (await cache.match(request)).text(), 'text/html');
    found.push([request.url, page.querySelector('h1')?.textContent ?? page.title, page.querySelector('.lead')?.textContent ?? '']);
  }
  return found;
};

const handedIn = new Set((await all('outbox').catch(() => [])).map((one) => new URL(one.page, location).href));
for (const [address, title, lead] of await kept().catch(() => [])) {
  const item = document.createElement('li');
  const link = Object.assign(document.createElement('a'), { href: address, textContent: title });
  const words = Object.assign(document.createElement('div'), { className: 'soft small', textContent: lead.trim() });
  if (handedIn.has(address)) words.prepend(Object.assign(document.createElement('strong'), { textContent: `${list.dataset.handedIn} ` }));
  item.append(link, words);
  list.append(item);
}
document.querySelector('[data-none-kept]').hidden = list.children.length > 0;
document.querySelector('[data-try-again]').addEventListener('click', () => location.reload());
addEventListener('online', () => location.reload());
