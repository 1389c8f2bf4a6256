// What the island asks of the server, all under the address of the draft.
// ``account``: who has opened the page. After another sign-in the token of the page is renewed, if it is the same person.
export function server(address, account) {
  let token = document.querySelector('meta[name="csrf-token"]').content;
  const asked = async (path, body) => {
    const options = { credentials: 'same-origin', headers: { Accept: 'application/json' } };
    if (body) {
      options.method = 'POST';
      options.body = JSON.stringify(body);
      options.headers['Content-Type'] = 'application/json';
      options.headers['X-CSRFToken'] = token;
    }
    return fetch(`${address}${path}`, options);
  };
  // Whether somebody is signed in: {account, csrf_token}, or null.
  const session = async () => {
    const answer = await fetch('/api/session', { headers: { Accept: 'application/json' } });
    return answer.ok ? answer.json() : null;
  };
  const said = async (answer) => ({ ...(await answer.json().catch(() => ({}))), status: answer.status });
  const json = async (path, body) => {
    const answer = await asked(path, body);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };
  return {
    // Where a form or a decision table of the draft is edited, and where a table is made.
    formPage: (name) => `${address}/forms/${name.split('/').map(encodeURIComponent).join('/')}`,
    tablePage: (name) => `${address}/tables/${encodeURIComponent(name)}`,
    // A new decision table in the draft; whether it could be made.
    makeTable: async (key, name) => {
      const body = new URLSearchParams({ csrf_token: token, key, name });
      const answer = await fetch(`${address}/tables`, { method: 'POST', body, redirect: 'manual' }).catch(() => null);
      return answer?.type === 'opaqueredirect';
    },
    diagram: async () => {
      const answer = await asked('/diagram.bpmn');
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.text();
    },
    vocabulary: () => json('/vocabulary.json'),
    problems: () => json('/problems'),
    seen: () => json('/seen', {}),
    // Problems of what is not saved yet.
    check: (diagram) => json('/check', { diagram }),
    // The same diagram with a new place for everything.
    arranged: async (diagram) => (await json('/arrange', { diagram })).diagram,
    // How what is drawn here differs from what is saved: [{element, name, kind, facet, before, after}]
    compare: (diagram) => json('/compare', { diagram }),
    // {problem: sentence or null, names: [...]}
    formula: (kind, text) => json('/formula', { kind, text }),
    // An id that says what the element of this name and type is: {id}
    suggested: (name, type, diagram) => json('/suggest', { name, type, diagram }),
    // {status, ...}: 200 with revision and problems, 409 with who was first, 401 where nobody or (other) somebody else is
    // signed in, else a message
    save: async (revision, diagram, forms = {}) => {
      const body = { revision, diagram, forms };
      const answer = await asked('/save', body);
      if (![400, 401].includes(answer.status)) return said(answer);
      const now = await session();
      if (now?.account !== account) return { status: 401, other: Boolean(now) };
      if (now.csrf_token === token) return said(answer);
      token = now.csrf_token;
      return said(await asked('/save', body));
    },
  };
}
