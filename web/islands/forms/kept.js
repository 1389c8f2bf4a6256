// What was typed and is not on the server yet, kept on this device for one account and one form.
const PREFIX = 'ducha:form:';
const OLD = 14 * 24 * 3600 * 1000;
const SENT_OLD = 12 * 3600 * 1000;

export function keptFor(owner, url) {
  const key = `${PREFIX}${owner}:${url}`;
  return {
    read: () => parse(localStorage.getItem(key)),
    write: (value) => attempt(() => localStorage.setItem(key, JSON.stringify(value))),
    remove: () => attempt(() => localStorage.removeItem(key)),
  };
}

// Called on every page: a page that follows a completed task names the form that is done with.
export function forgetDone(root) {
  const done = [...root.querySelectorAll('[data-form-done]')].map((one) => one.dataset.formDone);
  done.push(...[...root.querySelectorAll('meta[name="form-done"]')].map((one) => one.content));
  for (const url of done.filter(Boolean)) removeIf((key) => key.endsWith(`:${url}`));
}

export function forgetOld(now) {
  removeIf((key) => {
    const value = parse(localStorage.getItem(key));
    return !value || now - Date.parse(value.at) > (value.sent ? SENT_OLD : OLD);
  });
}

function removeIf(wanted) {
  attempt(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && wanted(key)) localStorage.removeItem(key);
    }
  });
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return value && Array.isArray(value.items) && !Number.isNaN(Date.parse(value.at)) ? value : null;
  } catch {
    return null;
  }
}

// Storage may be full or forbidden; then there is only the draft on the server.
function attempt(work) {
  try {
    work();
  } catch {
    /* see above */
  }
}
