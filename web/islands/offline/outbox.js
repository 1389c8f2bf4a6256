// Sends what was handed in on this phone: photos first, then the form with the key that its page had got, so that the
// server counts it once however often it is sent. Used by pages and by the service worker; one of them at a time.
import { sendPhoto } from './photos.js';
import { isPassing, post, whoIsHere } from './server.js';
import { all, get, photosOf, put, remove } from './store.js';

// An entry: {form, owner, url, attachmentsUrl, title, key, items, at, state, message, next}. States: waiting; then
// done, refused (the answers need attention), lost (somebody was quicker, or the task is gone).
export const PHOTO = 'photo:'; // stands in items for the id that the server will give a photo
const WAITS = 'waiting';

export const waiting = async () => (await all('outbox')).filter((one) => one.state === WAITS);

// What became of each waiting entry, by form: an entry with its new state, or 'offline', 'signed out', 'other account'.
export function sendAll(tell = () => {}) {
  return alone(async () => {
    const entries = await waiting();
    if (!entries.length) return new Map();
    const here = await whoIsHere();
    const results = new Map();
    for (const entry of entries) results.set(entry.form, await sendOne(entry, here, tell));
    return results;
  });
}

async function sendOne(entry, here, tell) {
  if (typeof here === 'string') return here;
  if (here.account !== entry.owner) return 'other account';
  tell(entry);
  const ids = new Map();
  for (const photo of await photosOf(entry.form)) {
    if (!entry.items.some(([, value]) => value === PHOTO + photo.id)) continue;
    const found = await sendPhoto(photo, entry.attachmentsUrl, here.token);
    if (found.status === 401) return 'signed out';
    if (!found.sent) return found.refused ? settle(entry, { state: 'refused', message: found.refused }) : 'offline';
    ids.set(PHOTO + photo.id, found.sent.id);
    tell(entry);
  }
  const body = new FormData();
  for (const [name, value] of entry.items) body.append(name, ids.get(value) ?? value);
  body.set('_key', entry.key);
  body.set('_action', 'complete');
  const { status, said } = await post(entry.url, body, here.token);
  if (status === 401) return 'signed out';
  if (isPassing(status)) return 'offline';
  const message = said.message ?? '';
  if (status === 200) return settle(entry, { state: 'done', message, next: said.next });
  return settle(entry, { state: status === 422 || status === 400 ? 'refused' : 'lost', message });
}

// A form that arrived is forgotten with its photos; others stay until their officer has seen what happened.
async function settle(entry, change) {
  const settled = { ...entry, ...change };
  if (settled.state === 'done') {
    for (const photo of await photosOf(entry.form)) await remove('photos', photo.id);
    await remove('outbox', entry.form);
  } else if (await get('outbox', entry.form)) {
    await put('outbox', settled);
  }
  return settled;
}

// Pages and the worker may wake at the same moment.
function alone(work) {
  return navigator.locks ? navigator.locks.request('ducha-outbox', work) : work();
}
