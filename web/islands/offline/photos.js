// A file on its way to the server, as a record of the store.
import { isPassing, post } from './server.js';
import { put } from './store.js';
import { takeTicket, trueTime } from './tickets.js';

// `chosen`: {inApp, position}; position is a promise of coordinates or null. The record is kept before this returns.
export async function keepPhoto(form, owner, field, blob, name, chosen) {
  const ticket = await takeTicket(owner);
  const where = await chosen.position;
  const record = {
    id: crypto.randomUUID(),
    form,
    owner,
    field,
    name,
    // The bytes themselves: WebKit has lost blobs that were stored as such.
    data: await blob.arrayBuffer(),
    type: blob.type,
    sha256: await digest(blob),
    inApp: chosen.inApp,
    at: trueTime(chosen.at, ticket),
    where: where ? { lat: where.latitude, lon: where.longitude, accuracy: where.accuracy } : null,
    ticket: ticket?.nonce ?? '',
    sent: null,
    dropped: false,
  };
  await put('photos', record);
  return record;
}

// The record as it is afterwards, with `sent` once the server has the file; else `refused` with its words, or unchanged.
export async function sendPhoto(record, url, token) {
  if (record.sent) return { ...record, status: 201 };
  const { status, said } = await post(url, bodyOf(record), token);
  if (status === 201 || status === 200) {
    const sent = { ...record, sent: said, data: null, refused: null };
    await put('photos', sent);
    return { ...sent, status };
  }
  if (isPassing(status) || status === 401) return { ...record, status };
  const refused = { ...record, refused: said.message || String(status) };
  await put('photos', refused);
  return { ...refused, status };
}

export function blobOf(record) {
  return new Blob([record.data], { type: record.type });
}

function bodyOf(record) {
  const body = new FormData();
  body.set('file', blobOf(record), record.name);
  body.set('ticket', record.ticket);
  body.set('in_app', String(record.inApp));
  if (record.sha256) body.set('sha256', record.sha256);
  if (record.inApp) body.set('captured_at', record.at);
  for (const [name, value] of Object.entries(record.where ?? {})) body.set(name, value);
  return body;
}

async function digest(blob) {
  const sum = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
