// The page on which a form is designed: fields, what they say, what steps may do with them, and a preview by the server.
import './designer/designer.css';
import { keepDocument } from './designer/document.js';
import { listFields } from './designer/fields.js';
import { openPanel } from './designer/attributes.js';
import { editPermissions } from './designer/permissions.js';
import { showPreview } from './designer/preview.js';
import { keepMarks, listDifferences, listProblems } from './designer/findings.js';
import { keepSaved } from './designer/saving.js';
import { pathOf, set } from './designer/edits.js';
import { server } from './designer/server.js';

function design(mount) {
  const given = JSON.parse(mount.dataset.given);
  given.types = Object.fromEntries(given.types);
  given.permissions = Object.fromEntries(given.permissions);
  const say = (text, values = {}) =>
    Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, () => value), given.texts[text] ?? text);
  const part = (name) => document.querySelector(`[data-${name}]`);
  const kept = keepDocument(given.document, changed);
  const office = server(mount.dataset.designer, given.name);
  const marks = keepMarks(given.name);
  const title = part('title');
  const fields = listFields(document, kept, given.types, say, marks);
  const panel = openPanel(part('panel'), kept, given, say);
  const permissions = editPermissions(part('steps'), kept, given, say);
  const preview = showPreview(document, kept, given, office, say, found);
  const saving = keepSaved(document, kept, given, office, say);

  // `typing`: the panel is being typed into and stays as it is. `choosing`: nothing has changed but the choice.
  function changed({ typing = false, choosing = false }) {
    const focused = focusIn(part('panel'));
    fields.show();
    if (!typing) panel.show();
    refocus(part('panel'), focused);
    [part('undo').disabled, part('redo').disabled] = kept.undoable.map((one) => !one);
    if (choosing) return;
    if (document.activeElement !== title) title.value = kept.form.title ?? '';
    const place = focusIn(part('steps'));
    permissions.show();
    refocus(part('steps'), place);
    preview.changed();
    saving.changed();
  }

  function found({ picked, problems, differences }) {
    if (picked) {
      const path = pathOf(kept.form, picked);
      if (path && String(path) !== String(kept.chosen)) kept.choose(path);
      return;
    }
    const focused = focusIn(part('fields'));
    marks.take(problems);
    fields.show();
    refocus(part('fields'), focused);
    listProblems(part('problems'), marks, kept.form, say, (path) => {
      kept.choose(pathOf(kept.form, path));
      part('panel').scrollIntoView({ block: 'nearest' });
    });
    listDifferences(part('differences'), differences, kept.form, say);
  }

  title.value = given.document.title ?? '';
  title.addEventListener('input', () => kept.change((form) => set(form, null, 'title', title.value), { key: 'title' }));
  part('undo').addEventListener('click', kept.undo);
  part('redo').addEventListener('click', kept.redo);
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const act = { z: event.shiftKey ? kept.redo : kept.undo, y: kept.redo, s: saving.save }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  fields.show();
  panel.show();
  permissions.show();
  preview.draw().then(() => (mount.dataset.ready = ''));
}

// What is drawn anew must not lose the focus: it goes to the control of the same place.
const CONTROLS = 'button, [role=button], input, select, textarea';

function focusIn(box) {
  return box.contains(document.activeElement) ? [...box.querySelectorAll(CONTROLS)].indexOf(document.activeElement) : -1;
}

function refocus(box, place) {
  if (place >= 0 && !box.contains(document.activeElement)) box.querySelectorAll(CONTROLS)[place]?.focus();
}

for (const mount of document.querySelectorAll('[data-designer]')) design(mount);
