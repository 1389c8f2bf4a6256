// Saves what is drawn a moment after the last change. Whoever was quicker is never overwritten unasked.
import { conflict } from './conflict.js';

const PAUSE = 900; // milliseconds without a change until it is saved
const AGAIN = 5000; // until a save that failed is tried again
const BEAT = 20000; // how often it is said that the draft is open here

// ``loaded``: {revision, xml} as the page got it. ``renew`` is called when forms or tables were saved elsewhere.
export function keepSaved(page, modeler, office, loaded, say, problems, renew) {
  const state = page.querySelector('[data-state]');
  const others = page.querySelector('[data-others]');
  let [waiting, saving, dirty, stopped, forms] = [0, false, false, false, {}];
  let { revision, xml: known } = loaded; // the state of the draft, and its diagram, as the server has them

  function told(words, kind) {
    state.textContent = words;
    state.dataset.state = kind;
  }

  async function save() {
    if (saving || !dirty || stopped) return;
    const sent = forms;
    [saving, dirty, forms] = [true, false, {}];
    told(say('Saving…'), 'saving');
    const { xml } = await modeler.saveXML({ format: true });
    const answer = await office.save(revision, xml, sent).catch(() => ({ status: 0 }));
    saving = false;
    if (answer.status === 200) {
      [revision, known] = [answer.revision, xml];
      if (!dirty) problems.show(answer.problems);
      told(dirty ? say('Not saved yet') : say('Saved'), dirty ? 'waiting' : 'saved');
      if (dirty) plan(PAUSE);
      return;
    }
    [dirty, forms] = [true, { ...sent, ...forms }];
    if (answer.status === 409 && answer.revision) {
      if (await sameDiagram(answer.revision)) plan(0);
      else ask(answer, xml);
    } else {
      told(answer.message ?? say('It could not be saved; it is tried again.'), 'failed');
      plan(AGAIN);
    }
  }

  // Forms and tables of the draft are saved on other pages: where the diagram is the one known here, nothing is at odds.
  async function sameDiagram(later) {
    if ((await office.diagram().catch(() => null)) !== known) return false;
    revision = later;
    await renew();
    return true;
  }

  function plan(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  }

  function changed() {
    dirty = true;
    told(say('Not saved yet'), 'waiting');
    plan(PAUSE);
  }

  // Somebody else has saved: nothing is sent until a person has decided.
  async function ask(answer, xml) {
    stopped = true;
    told(say('Not saved yet'), 'conflict');
    const found = xml ? await office.compare(xml).catch(() => []) : [];
    conflict(page, modeler, answer, found, xml, say, {
      theirs: () => {
        dirty = false;
        location.reload();
      },
      mine: () => {
        [revision, stopped] = [answer.revision, false];
        save();
      },
    });
  }

  async function beat() {
    const answer = await office.seen().catch(() => null);
    if (!answer) return;
    others.textContent = answer.others.length ? say('Also open at: {names}', { names: answer.others.join(', ') }) : '';
    // Theirs is newer and nothing of mine would be lost: say so before somebody goes on with the old one.
    const idle = !saving && !dirty && !stopped;
    if (!idle || answer.revision <= revision || (await sameDiagram(answer.revision))) return;
    if (!saving && !dirty && !stopped) ask({ revision: answer.revision }, null);
  }

  told(say('Saved'), 'saved');
  modeler.on('commandStack.changed', changed);
  addEventListener('beforeunload', (event) => {
    if (dirty || saving) event.preventDefault();
  });
  beat();
  setInterval(beat, BEAT);
  return {
    changed,
    now: save,
    // Forms that are saved together with the diagram: {name: document}.
    withForms: (made) => {
      Object.assign(forms, made);
      changed();
    },
  };
}
