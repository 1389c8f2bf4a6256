// Tickets for photos, fetched while there is a network and used up where there is none.
import { post } from './server.js';
import { all, put, remove, takeOne } from './store.js';

const LIFE = 71 * 3600 * 1000; // the server's 72 hours, less what sending takes
const ENOUGH = 10;

export async function stockUp(owner, token) {
  const now = Date.now();
  const kept = await all('tickets');
  for (const one of kept) if (now - one.got > LIFE) await remove('tickets', one.nonce);
  if (kept.filter((one) => one.owner === owner && now - one.got <= LIFE).length >= ENOUGH) return;
  const body = new FormData();
  body.set('count', '20');
  const { status, said } = await post('/tickets', body, token);
  if (status !== 200) return;
  const ahead = Date.parse(said.now) - Date.now();
  for (const nonce of said.tickets) await put('tickets', { nonce, owner, got: Date.now(), ahead });
}

export const takeTicket = (owner) => takeOne('tickets', (one) => one.owner === owner && Date.now() - one.got <= LIFE);

// Clocks of phones go wrong; the ticket knows by how much.
export function trueTime(instant, ticket) {
  return new Date(Date.parse(instant) + (ticket?.ahead ?? 0)).toISOString();
}
