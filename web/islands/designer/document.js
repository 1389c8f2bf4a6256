// The document that is designed, what is chosen in it, and the way back through all changes.
import { fieldAt, sound } from './edits.js';

const MOST = 200; // changes that can be undone

export function keepDocument(given, changed) {
  let form = sound(given);
  let chosen = form.fields.length ? [0] : null;
  let [before, after, last] = [[], [], ''];

  const state = () => ({ form, chosen });
  function go(from, to) {
    if (!from.length) return;
    to.push(state());
    ({ form, chosen } = from.pop());
    last = '';
    changed({ typing: false });
  }

  return {
    get form() {
      return form;
    },
    get chosen() {
      return fieldAt(form, chosen) ? chosen : null;
    },
    get undoable() {
      return [before.length > 0, after.length > 0];
    },
    // `key` names what is being typed: as long as it stays the same it is one change. `choose` is chosen afterwards.
    change(edit, { key = '', choose = chosen } = {}) {
      const next = structuredClone(form);
      const found = edit(next) ?? choose;
      if (JSON.stringify(next) === JSON.stringify(form)) return;
      if (!key || key !== last) before = [...before, state()].slice(-MOST);
      [form, chosen, after, last] = [next, found, [], key];
      changed({ typing: Boolean(key) });
    },
    choose(path) {
      chosen = path;
      last = '';
      changed({ choosing: true });
    },
    replace(other) {
      before = [...before, state()].slice(-MOST);
      [form, chosen, after, last] = [sound(other), null, [], ''];
      changed({ typing: false });
    },
    undo: () => go(before, after),
    redo: () => go(after, before),
  };
}
