// Saves what is drawn a moment after the last change. Whoever was quicker is never overwritten unasked.
import { conflict } from './conflict.js';

const PAUSE = 900; // milliseconds without a change until it is saved
const AGAIN = 5000; // until a save that failed is tried again
const BEAT = 20000; // how often it is said that the draft is open here
const PASSING = [0, 408, 429, 500, 502, 503, 504]; // what may go well the next time; 0: no connection

// ``loaded``: {revision, xml} as the page got it. ``renew`` is called when forms or tables were saved elsewhere.
// ``copies`` keep what is not saved yet in the browser.
export function keepSaved(page, modeler, office, loaded, say, problems, copies, renew) {
  const state = page.querySelector('[data-state]');
  const others = page.querySelector('[data-others]');
  let [waiting, saving, dirty, stopped, forms] = [0, null, false, false, {}];
  let { revision, xml: known } = loaded; // the state of the draft, and its diagram, as the server has them

  function told(words, kind, link) {
    state.replaceChildren(words, ...(link ? [' ', link] : []));
    state.dataset.state = kind;
  }

  // One save after the other; whoever waits for one waits for what is under way.
  function save() {
    saving ??= dirty && !stopped ? send().finally(() => (saving = null)) : null;
    return saving ?? Promise.resolve();
  }

  async function send() {
    const sent = forms;
    [dirty, forms] = [false, {}];
    told(say('Saving…'), 'saving');
    const { xml } = await modeler.saveXML({ format: true });
    copies.put(xml, revision);
    const answer = await office.save(revision, xml, sent).catch(() => ({ status: 0 }));
    if (answer.status === 200 && answer.revision) {
      [revision, known] = [answer.revision, xml];
      if (!dirty) {
        copies.drop();
        problems.show(answer.problems);
      }
      told(say(dirty ? 'Not saved yet' : 'Saved'), dirty ? 'waiting' : 'saved');
      if (dirty) plan(PAUSE);
      return;
    }
    [dirty, forms] = [true, { ...sent, ...forms }];
    if (answer.status === 409 && answer.revision) {
      if (await sameDiagram(answer.revision)) plan(0);
      else await ask(answer, xml);
    } else failed(answer, xml);
  }

  // Tried again where that may help; where a person has to do something, it is said what.
  function failed({ status, message, other }, xml) {
    if (status === 401) {
      const link = page.createElement('a');
      Object.assign(link, { href: '/login', target: '_blank', textContent: say('Sign in') });
      const words = say('You are signed out. Sign in again in another window; what is drawn is kept here and saved then.');
      told(other ? say('Somebody else has signed in here. What is drawn is kept in this browser for you.') : words, 'failed', link);
    } else if (PASSING.includes(status)) {
      const words = status ? 'It could not be saved; it is tried again.' : 'No connection. What is drawn is kept in this browser and saved as soon as there is one.';
      told(say(words), 'failed');
    } else {
      const link = page.createElement('a'); // only a change can help, or nothing any more
      Object.assign(link, { download: 'mine.bpmn', textContent: say('Keep it as a file') });
      link.href = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }));
      told(message ?? say('It could not be saved.'), 'failed', link);
      return;
    }
    plan(AGAIN);
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
        [dirty, stopped] = [false, true];
        copies.drop();
        location.reload();
      },
      mine: () => {
        [revision, stopped] = [answer.revision, false];
        plan(0);
      },
    });
  }

  async function beat() {
    const answer = await office.seen().catch(() => null);
    if (!answer) return;
    others.textContent = answer.others.length ? say('Also open at: {names}', { names: answer.others.join(', ') }) : '';
    // Theirs is newer and nothing of mine would be lost: say so before somebody goes on with the old one.
    const idle = () => !saving && !dirty && !stopped;
    if (!idle() || answer.revision <= revision || (await sameDiagram(answer.revision))) return;
    if (idle()) ask({ revision: answer.revision }, null);
  }

  told(say('Saved'), 'saved');
  modeler.on('commandStack.changed', changed);
  modeler.on('ducha.written', ({ xml }) => dirty && copies.put(xml, revision));
  addEventListener('online', () => dirty && plan(0));
  addEventListener('beforeunload', (event) => {
    document.activeElement?.blur(); // what is typed and not left yet counts as said
    if (dirty || saving) event.preventDefault();
  });
  beat();
  setInterval(beat, BEAT);
  return {
    changed,
    // Waits until all is saved that can be.
    now: async () => {
      await saving;
      await save();
    },
    // What was drawn on an earlier state than the one that is saved now.
    outdated: (xml) => {
      dirty = true;
      return ask({ revision }, xml);
    },
    // Forms that are saved together with the diagram: {name: document}.
    withForms: (made) => {
      Object.assign(forms, made);
      changed();
    },
  };
}
