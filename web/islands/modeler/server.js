// What the island asks of the server, all under the address of the draft.
export function server(address) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
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
  const json = async (path, body) => {
    const answer = await asked(path, body);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };
  return {
    // Where a form or a decision table of the draft is edited.
    formPage: (name) => `${address}/forms/${name.split('/').map(encodeURIComponent).join('/')}`,
    tablePage: (name) => `${address}/tables/${encodeURIComponent(name)}`,
    diagram: async () => (await asked('/diagram.bpmn')).text(),
    vocabulary: () => json('/vocabulary.json'),
    problems: () => json('/problems'),
    seen: () => json('/seen', {}),
    // Problems of what is not saved yet.
    check: (diagram) => json('/check', { diagram }),
    // How what is drawn here differs from what is saved: [{element, name, kind, facet, before, after}]
    compare: (diagram) => json('/compare', { diagram }),
    // {problem: sentence or null, names: [...]}
    formula: (kind, text) => json('/formula', { kind, text }),
    // {status, ...}: 200 with revision and problems, 409 with who was first, else a message
    save: async (revision, diagram, forms = {}) => {
      const answer = await asked('/save', { revision, diagram, forms });
      return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
    },
  };
}
