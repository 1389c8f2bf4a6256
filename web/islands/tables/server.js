// What the page asks of the server, under the address of the table and of its draft.
export function server(address, draft) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const post = (path, body) =>
    fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token },
      body: JSON.stringify(body),
    });
  return {
    load: async () => (await fetch(`${address}/table.json`, { headers: { Accept: 'application/json' } })).json(),
    seen: async () => (await post(`${draft}/seen`, {})).json(),
    // {status, ...}: 200 with what is reported of the table, 409 with who was first, else a message
    save: async (body) => {
      const answer = await post(`${address}/save`, body);
      return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
    },
  };
}
