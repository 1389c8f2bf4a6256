// The page of a decision table: the table editor, and beside it tests that the server runs after every change.
// Mounted on [data-table="<address of the table>"]; data-draft is the address of its draft.
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import './tables/tables.css';
import { tableEditor } from './tables/editor.js';
import { node } from './tables/nodes.js';
import { reporting } from './tables/report.js';
import { keepSaved } from './tables/saving.js';
import { server } from './tables/server.js';
import { testing } from './tables/tests.js';

async function open(mount) {
  const texts = JSON.parse(mount.dataset.texts);
  const say = (text, values = {}) =>
    Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), texts[text] ?? text);
  const office = server(mount.dataset.table, mount.dataset.draft);
  const loaded = await office.load();
  const editor = tableEditor(mount.querySelector('.tables-editor'), mount.dataset.language);
  const report = reporting(mount, say);
  const drawn = await editor.importXML(loaded.table).catch(() => null);
  if (!drawn) {
    report.show(loaded);
    const words = say("It can't be drawn. Mend what is wrong in a file, and take that over into the draft.");
    mount.querySelector('.tables-editor').replaceChildren(words);
    mount.querySelector('[data-tests]').hidden = true;
    return;
  }

  let saving = null;
  const tests = testing(mount, loaded.tests, say, () => saving.changed());
  const show = (found) => {
    report.show(found);
    tests.show(found);
  };
  const collect = async () => ({ table: (await editor.saveXML({ format: true })).xml, tests: tests.tests });
  saving = keepSaved(mount, office, loaded, collect, show, say);
  const corner = () => nameCorner(mount, say);
  editor.getActiveViewer().on('commandStack.changed', () => {
    saving.changed();
    corner();
  });
  corner();
  show(loaded);
  mount.dataset.ready = '';
}

// The tool leaves the head of the column of numbers empty, which says nothing to those who only hear it.
function nameCorner(mount, say) {
  for (const head of mount.querySelectorAll('th.index-column:empty')) {
    head.append(node('span', { class: 'visually-hidden' }, say('No.')));
  }
}

for (const mount of document.querySelectorAll('[data-table]')) open(mount);
