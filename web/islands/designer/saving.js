// Saves the form a moment after the last change. Whoever was quicker with this form is never overwritten unasked.
import { button, make } from './dom.js';
import { listDifferences } from './findings.js';

const PAUSE = 900; // milliseconds without a change until it is saved
const AGAIN = 5000; // until a save that failed is tried again
const BEAT = 20000; // how often it is said that the draft is open here

export function keepSaved(page, kept, given, office, say) {
  const [state, conflict, present] = ['[data-state]', '[data-conflict]', '[data-others]'].map((one) => page.querySelector(one));
  let { revision, document: known } = given; // as the server has it
  let [waiting, saving, dirty] = [0, false, false];

  async function save() {
    if (saving || !dirty || !conflict.hidden) return;
    [saving, dirty] = [true, false];
    state.textContent = say('Saving…');
    const sent = kept.form;
    const answer = await office.save(revision, sent).catch(() => ({ status: 0 }));
    saving = false;
    if (answer.status === 200) {
      [revision, known] = [answer.revision, sent];
      state.textContent = say(dirty ? 'Not saved yet' : 'Saved');
      if (dirty) plan(PAUSE);
      return;
    }
    dirty = true;
    if (answer.status === 409 && (await resolved(answer))) return;
    state.textContent = answer.message ?? say('It could not be saved; it is tried again.');
    if (answer.status !== 409) plan(AGAIN);
  }

  // Somebody has saved the draft. If it was not this form, there is nothing to decide.
  async function resolved(answer) {
    const saved = await office.saved().catch(() => null);
    if (answer.revision === undefined || !saved) return false;
    if (canonical(saved.document) === canonical(known)) {
      revision = saved.revision;
      plan(0);
      return true;
    }
    await ask(answer.message, saved);
    return false;
  }

  async function ask(words, saved) {
    const { differences } = await office.compare(kept.form).catch(() => ({ differences: [] }));
    const list = make('div');
    listDifferences(list, differences ?? [], kept.form, say);
    const theirs = button(say('Load theirs and lose mine'), () => {
      settle(saved);
      kept.replace(saved.document ?? kept.form);
    });
    const mine = button(say('Keep mine over theirs'), () => {
      settle(saved);
      plan(0);
    });
    conflict.replaceChildren(make('strong', {}, words ?? say('Somebody else has saved this form')), list, theirs, ' ', mine);
    conflict.hidden = false;
  }

  function settle(saved) {
    [revision, known] = [saved.revision, saved.document];
    conflict.hidden = true;
    dirty = true;
  }

  function plan(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  }

  function changed() {
    dirty = true;
    state.textContent = say('Not saved yet');
    plan(PAUSE);
  }

  async function beat() {
    const { others } = await office.seen().catch(() => ({}));
    present.textContent = others?.length ? say('Also open at: {names}', { names: others.join(', ') }) : '';
  }

  state.textContent = say('Saved');
  addEventListener('beforeunload', (event) => {
    if (dirty || saving) event.preventDefault();
  });
  beat();
  setInterval(beat, BEAT);
  return { changed, save };
}

// The same whatever order a database keeps keys in.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!value || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
}
