// What the island asks of the server, all under the address of the draft.
export function server(address, name) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token };
  const post = (path, body) =>
    fetch(`${address}${path}`, { method: 'POST', credentials: 'same-origin', headers, body: JSON.stringify(body) });
  const json = async (path, body) => (await post(path, body)).json();
  return {
    preview: (body) => json('/form/preview', body),
    attempt: (body) => json('/form/try', body),
    compare: (form) => json('/form/compare', { document: form }),
    saved: async () => (await fetch(`${address}/form/saved?name=${encodeURIComponent(name)}`, { headers })).json(),
    seen: () => json('/seen', {}),
    // {status, ...}: 200 with revision and problems, 409 with who was first, else a message
    save: async (revision, form) => {
      const answer = await post('/save', { revision, forms: { [name]: form } });
      return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
    },
  };
}
