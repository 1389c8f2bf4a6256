// What is asked of the server by pages and by the service worker alike; nothing here needs a page.

// Who is signed in and the token for changing requests: {account, token}, or 'signed out' or 'offline'.
export async function whoIsHere() {
  try {
    const answer = await fetch('/api/session', { headers: { Accept: 'application/json' }, redirect: 'manual' });
    if (answer.status === 401 || answer.type === 'opaqueredirect') return 'signed out';
    if (!answer.ok) return 'offline';
    const said = await answer.json();
    return { account: said.account, token: said.csrf_token };
  } catch {
    return 'offline';
  }
}

// {status, said}: status 0 where nothing came back, said the JSON of the answer.
export async function post(url, body, token) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: { 'X-CSRFToken': token, 'X-Requested-With': 'fetch', Accept: 'application/json' },
    });
    return { status: answer.type === 'opaqueredirect' ? 401 : answer.status, said: await json(answer) };
  } catch {
    return { status: 0, said: {} };
  }
}

// Worth another try later without anybody doing anything: no network, or the server is busy or starting.
export const isPassing = (status) => status === 0 || status === 429 || status >= 500;

async function json(answer) {
  try {
    return (await answer.json()) ?? {};
  } catch {
    return {};
  }
}
