// Handing in a form on a phone: it is written down there first, then sent, and sent again until the server has it.
import { itemsOf, fill } from './items.js';
import { lineOf } from '../offline/line.js';
import { PHOTO, sendAll } from '../offline/outbox.js';
import { forget, get, photosOf, put, remove } from '../offline/store.js';

const AGAIN = 20_000; // ms between attempts while the page is open

export function handIn(form, texts, parts, keeping) {
  const say = lineOf(form);
  let handed = false;

  const photos = async () => (await photosOf(keeping.form)).filter((one) => !one.dropped);
  const count = async (sentence) => {
    const waiting = (await photos()).filter((one) => !one.sent).length;
    return sentence.replace('{photos}', waiting ? texts.photos.replace('{count}', waiting) : texts.noPhotos);
  };
  // What was handed in is looked at, not changed, until it is taken back.
  const lock = (locked) => {
    for (const part of form.children) if (!part.matches('.kept-line')) part.inert = locked;
    form.classList.toggle('is-handed-in', locked);
  };

  form.addEventListener('submit', async (event) => {
    if (event.submitter?.value !== 'complete' || event.defaultPrevented) return;
    event.preventDefault();
    if (handed) return;
    handed = true;
    try {
      await put('outbox', await entryOf());
    } catch {
      form.submit(); // nothing can be kept here (storage full or forbidden): the ordinary way
      return;
    }
    // Where the browser can, it sends by itself later, also when this page is closed.
    navigator.serviceWorker?.ready.then((worker) => worker.sync?.register('outbox')).catch(() => {});
    parts.drafts.stop();
    lock(true);
    form.querySelector('.kept-line').scrollIntoView({ block: 'center' });
    await attempt();
  });

  async function entryOf() {
    const items = itemsOf(form);
    const sent = new Set(items.map(([, value]) => value));
    for (const one of await photos()) {
      if (!one.sent) items.push([one.field, PHOTO + one.id]);
      else if (!sent.has(one.sent.id)) items.push([one.field, one.sent.id]);
    }
    return {
      form: keeping.form,
      owner: keeping.owner,
      url: form.action,
      attachmentsUrl: form.dataset.attachmentsUrl,
      title: document.querySelector('h1')?.textContent ?? document.title,
      page: location.pathname + location.search,
      key: form.elements._key.value,
      items,
      at: new Date().toISOString(),
      state: 'waiting',
      message: '',
    };
  }

  // One at a time: the network may come back while a timer looks for it.
  let underWay = null;
  function attempt() {
    underWay ??= send().finally(() => (underWay = null));
    return underWay;
  }

  async function send() {
    say(await count(texts.sending));
    const found = (await sendAll(async () => say(await count(texts.sending)))).get(keeping.form);
    const entry = found ?? (await get('outbox', keeping.form));
    if (entry) await after(entry);
    else leave(); // another page or the service worker has sent it
  }

  let left = false;
  function leave(address = '/tasks') {
    if (!left) location.assign(address);
    left = true;
  }

  async function after(found) {
    if (found === 'offline') await waits(texts.waitsForNetwork);
    else if (found === 'signed out' || found === 'other account') await waits(texts.waitsForSignIn, true);
    else if (found.state === 'done') leave(found.next);
    else if (found.state === 'refused') await correct();
    else if (found.state === 'waiting') await waits(texts.waitsForNetwork);
    else say(`${found.message} ${texts.notLost}`, [[texts.discard, discard]]);
  }

  async function waits(sentence, signIn = false) {
    const entry = await get('outbox', keeping.form);
    const words = (await count(sentence)).replace('{time}', clock(entry?.at));
    const way = signIn ? [texts.signIn, `/login?next=${encodeURIComponent(location.pathname)}`] : [texts.sendNow, attempt];
    say(words, [way, [texts.change, takeBack]]);
  }

  // The server says what is wrong with it on a page of its own, beside each question.
  async function correct() {
    await parts.files.drawAll();
    await remove('outbox', keeping.form);
    lock(false);
    form.submit();
  }

  async function takeBack() {
    await remove('outbox', keeping.form);
    location.reload();
  }

  async function discard() {
    await forget(keeping.form);
    location.reload();
  }

  // An earlier page has handed it in: what it held is shown again, and it is sent if there is a network by now.
  async function resume(entry) {
    handed = true;
    form.elements._key.value = entry.key;
    fill(form, { items: entry.items.filter(([, value]) => !value.startsWith(PHOTO)), files: [] }, parts);
    parts.changed();
    parts.drafts.stop();
    await parts.files.drawAll();
    lock(true);
    if (entry.state === 'waiting') attempt();
    else if (entry.state === 'refused') say(entry.message, [[texts.change, takeBackRefused]]);
    else await after(entry);
  }

  // Its answers go on as what is typed, its problems are told when it is handed in again.
  async function takeBackRefused() {
    await remove('outbox', keeping.form);
    handed = false;
    lock(false);
    say('');
  }

  async function begin() {
    const entry = await get('outbox', keeping.form);
    if (entry) return resume(entry);
    await parts.files.drawAll();
    await told();
    parts.files.sendAllKept().then(told);
  }

  // Before it is handed in: whether what is taken here waits for a network.
  async function told() {
    if (handed) return;
    const left = (await photos()).filter((one) => !one.sent).length;
    const needed = left > 0 || !navigator.onLine;
    say(needed ? await count(texts.keptNoNetwork) : '');
  }

  async function again() {
    if (!handed) await parts.files.sendAllKept().then(told);
    else if ((await get('outbox', keeping.form))?.state === 'waiting') await attempt();
  }

  addEventListener('online', again);
  addEventListener('offline', told);
  form.addEventListener('change', told);
  setInterval(() => document.visibilityState === 'visible' && navigator.onLine && again(), AGAIN);
  return begin;
}

function clock(instant) {
  const when = instant ? new Date(instant) : new Date();
  return when.toLocaleTimeString(document.documentElement.lang || undefined, { hour: '2-digit', minute: '2-digit' });
}

