// The service worker of phones: keeps the pages of tasks that were opened, and what they need, for places without a
// network, and sends what was handed in there once there is one again. Registered by offline/register.js.
import { sendAll } from './offline/outbox.js';

const ASSETS = 'assets';
const PAGES = 'pages';
const PATIENCE = 8000; // ms
const MOST_PAGES = 20;
const MOST_ASSETS = 100;
const OLD = 7 * 24 * 3600 * 1000; // ms
const KEPT_AT = 'X-Kept-At';
const NO_NETWORK = '/offline';
const IS_TASK = /^\/tasks\/[0-9A-Za-z-]{8,}$/;

self.addEventListener('install', (event) => {
  event.waitUntil(keepAssets());
  self.skipWaiting();
});

// `self.needed` stands in the script that imports this one: what pages of tasks are made of (web/offline.py).
async function keepAssets() {
  const cache = await caches.open(ASSETS);
  await cache.add(NO_NETWORK);
  for (const address of self.needed) {
    if (!(await cache.match(address, { ignoreVary: true }))) await cache.add(address);
  }
}

self.addEventListener('activate', (event) => event.waitUntil(Promise.all([self.clients.claim(), clear()])));

// A page asks to be kept: it may have been loaded before the worker ran.
self.addEventListener('message', (event) => {
  if (event.data?.page) event.waitUntil(keepPage(event.data.page));
});

self.addEventListener('sync', (event) => event.waitUntil(sendAll()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === 'POST') {
    // What one officer saw is gone when he signs out or another one signs in.
    if (['/login', '/logout'].includes(url.pathname)) event.waitUntil(caches.delete(PAGES));
  } else if (request.mode === 'navigate') {
    event.respondWith(navigate(event, url));
  } else if (url.pathname.startsWith('/static/')) {
    event.respondWith(asset(request));
  }
});

async function navigate(event, url) {
  const kept = await (await caches.open(PAGES)).match(event.request);
  const loading = fetch(event.request);
  // Asked first, so that the copy is made before anybody reads the answer.
  event.waitUntil(loading.then((answer) => IS_TASK.test(url.pathname) && isKeepable(answer) && keep(url.href, answer.clone())).catch(() => {}));
  try {
    return await (kept ? Promise.race([loading, after(PATIENCE, kept)]) : loading);
  } catch (error) {
    const instead = kept ?? (await (await caches.open(ASSETS)).match(NO_NETWORK));
    if (instead) return instead;
    throw error;
  }
}

// A network that is there and brings nothing is worse than none.
function after(time, value) {
  return new Promise((resolve) => setTimeout(() => resolve(value), time));
}

// Names of assets carry a hash of their content.
async function asset(request) {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}

async function keepPage(address) {
  if (!IS_TASK.test(new URL(address).pathname)) return;
  if (await (await caches.open(PAGES)).match(address)) return;
  const answer = await fetch(address, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (answer && isKeepable(answer)) await keep(address, answer);
}

function isKeepable(answer) {
  return answer.status === 200 && !answer.redirected && answer.headers.get('Content-Type')?.startsWith('text/html');
}

async function keep(address, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, String(Date.now()));
  const cache = await caches.open(PAGES);
  await cache.put(address, new Response(await answer.blob(), { headers }));
  await clear();
}

async function clear() {
  // Kept pages may be made of assets of an older release, so these go last.
  const assets = await caches.open(ASSETS);
  for (const request of (await assets.keys()).slice(0, -MOST_ASSETS)) await assets.delete(request);
  const cache = await caches.open(PAGES);
  const kept = [];
  for (const request of await cache.keys()) {
    kept.push([Number((await cache.match(request))?.headers.get(KEPT_AT) ?? 0), request]);
  }
  kept.sort(([one], [other]) => other - one);
  for (const [place, [at, request]] of kept.entries()) {
    if (place >= MOST_PAGES || Date.now() - at > OLD) await cache.delete(request);
  }
}
