// Saves what is typed: after a short pause on the device, a little later on the server. A form that was kept on the
// device (connection or session lost) is filled in again when its page is opened next.
import { button } from './buttons.js';
import { keptFor } from './kept.js';
import { fill, itemsOf, same } from './items.js';

const ON_DEVICE = 400; // ms after the last change
const ON_SERVER = 3000;

export function keepDrafts(form, texts, parts) {
  const url = form.dataset.draftUrl;
  if (!url) return { stop: () => {} };
  const kept = keptFor(form.dataset.owner, url);
  const status = form.querySelector('[data-draft-state]') ?? document.querySelector('[data-draft-state]');
  let base = form.dataset.savedAt; // the draft of the server that the typing goes on from
  let deviceTimer;
  let serverTimer;
  let dirty = false;
  let sent = false;

  const say = (text) => {
    if (status) status.textContent = text;
  };
  const keep = (isSent) =>
    kept.write({ at: new Date().toISOString(), base, sent: isSent, items: itemsOf(form), files: parts.files.list() });

  const save = async (leaving) => {
    if (!dirty || sent) return;
    clearTimeout(serverTimer);
    dirty = false;
    say(texts.saving);
    const answer = await send(url, form, leaving);
    if (answer.state === 'saved') {
      base = answer.savedAt || base;
      if (!dirty) kept.remove();
      say(texts.saved.replace('{time}', clock(answer.savedAt)));
    } else {
      dirty = true;
      keep(false);
      say(answer.message || (answer.state === 'signed out' ? texts.signedOut : texts.kept));
    }
  };

  const touched = () => {
    dirty = true;
    clearTimeout(deviceTimer);
    deviceTimer = setTimeout(() => keep(false), ON_DEVICE);
    clearTimeout(serverTimer);
    serverTimer = setTimeout(() => save(false), ON_SERVER);
  };

  const restore = (value) => {
    fill(form, value, parts);
    parts.changed();
    say(texts.restored.replace('{time}', clock(value.at)));
    offer(texts.discard, discard);
  };
  const discard = () => {
    clearTimeout(deviceTimer);
    clearTimeout(serverTimer);
    sent = true; // nothing more is saved from this page
    kept.remove();
    location.reload();
  };
  const offer = (text, act) => status?.append(' ', button(text, act));

  const value = kept.read();
  const isNews = value && form.dataset.refused === undefined && !same(value.items, itemsOf(form));
  if (value && !isNews) kept.remove();
  form.addEventListener('input', touched);
  form.addEventListener('change', touched);
  if (isNews && instant(value.base) === instant(base)) {
    restore(value);
  } else if (isNews) {
    // Meanwhile another device has saved a draft: the person decides.
    say(texts.other.replace('{time}', clock(value.at)));
    offer(texts.use, () => restore(value));
    offer(texts.discard, discard);
  }

  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    keep(true);
    sent = true;
    clearTimeout(deviceTimer);
    clearTimeout(serverTimer);
  });
  const leave = () => {
    if (!dirty || sent) return;
    keep(false);
    save(true);
  };
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
  addEventListener('online', () => save(false));
  addEventListener('pageshow', (event) => {
    if (event.persisted) sent = false; // back from the next page with the browser's button
  });
  // The form was handed in on this device: the outbox sends it. Taken back, it goes on from this copy.
  const stop = () => {
    keep(true);
    sent = true;
    clearTimeout(deviceTimer);
    clearTimeout(serverTimer);
    say('');
  };
  return { stop };
}

async function send(url, form, leaving) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  const headers = { 'X-CSRFToken': token(form), 'X-Requested-With': 'fetch', Accept: 'application/json' };
  try {
    // keepalive lets the request outlive the page; browsers allow it for small bodies only
    const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', keepalive: leaving });
    if (answer.ok) return { state: 'saved', savedAt: (await json(answer)).saved_at };
    if (answer.type === 'opaqueredirect' || answer.status === 401) return { state: 'signed out' };
    return { state: 'refused', message: (await json(answer)).message };
  } catch {
    return { state: 'offline' };
  }
}

async function json(answer) {
  try {
    return (await answer.json()) ?? {};
  } catch {
    return {};
  }
}

export function token(form) {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? form.elements.csrf_token?.value ?? '';
}

function clock(instant) {
  const when = instant ? new Date(instant) : new Date();
  return when.toLocaleTimeString(document.documentElement.lang || undefined, { hour: '2-digit', minute: '2-digit' });
}

function instant(text) {
  return text ? Date.parse(text) : 0;
}
