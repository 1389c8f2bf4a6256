// Saves table and tests a moment after the last change. Whoever was quicker is never overwritten unasked.
import { node, press } from './nodes.js';

const PAUSE = 700; // milliseconds without a change until it is saved
const AGAIN = 5000; // until a save that failed is tried again
const BEAT = 20000; // how often it is said that the draft is open here

// collect() gives {table, tests}; show(report) is told what the server says of what was saved.
export function keepSaved(page, office, loaded, collect, show, say) {
  const state = page.querySelector('[data-state]');
  const conflict = page.querySelector('[data-conflict]');
  let { revision, mark } = loaded;
  let [waiting, saving, dirty] = [0, false, false];

  async function save() {
    if (saving || !dirty) return;
    [saving, dirty] = [true, false];
    state.textContent = say('Saving…');
    const answer = await send().catch(() => ({ status: 0 }));
    saving = false;
    if (answer.status === 200) {
      ({ revision, mark } = answer);
      state.textContent = say(dirty ? 'Not saved yet' : 'Saved');
      show(answer);
      if (dirty) plan(PAUSE);
    } else if (answer.status === 409 && answer.mark) {
      dirty = true;
      ask(answer);
    } else {
      dirty = true;
      const found = (answer.problems ?? []).map(({ message }) => message);
      state.textContent = [answer.message ?? say('It could not be saved; it is tried again.'), ...found].join(' ');
      if (answer.status === 0 || answer.status >= 500) plan(AGAIN);
    }
  }

  const send = async () => office.save({ ...(await collect()), revision, mark });

  function plan(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  }

  function changed() {
    dirty = true;
    if (!conflict.hidden) return;
    state.textContent = say('Not saved yet');
    plan(PAUSE);
  }

  // Somebody else has saved: nothing is sent until a person has decided.
  function ask(answer) {
    clearTimeout(waiting);
    state.textContent = say('Not saved yet');
    const head = node('tr', {}, ...['Where', 'Theirs', 'Mine'].map((words) => node('th', { scope: 'col' }, say(words))));
    const rows = (answer.differences ?? []).map(({ place, theirs, mine }) =>
      node('tr', {}, node('th', { scope: 'row' }, place), node('td', {}, theirs), node('td', {}, mine)),
    );
    const table = node('table', { class: 'tables-differences' }, node('thead', {}, head), node('tbody', {}, ...rows));
    const theirs = press(say('Load theirs and lose mine'), () => {
      dirty = false;
      conflict.hidden = true;
      location.reload();
    });
    const mine = press(say('Keep mine over theirs'), () => {
      ({ revision, mark } = answer);
      conflict.hidden = true;
      save();
    });
    conflict.replaceChildren(
      node('strong', {}, answer.message),
      ...(rows.length ? [table] : []),
      node('div', { class: 'tables-acts' }, theirs, mine),
    );
    conflict.hidden = false;
    theirs.focus();
  }

  async function beat() {
    const { others = [] } = await office.seen().catch(() => ({}));
    page.querySelector('[data-others]').textContent = others.length
      ? say('Also open at: {names}', { names: others.join(', ') })
      : '';
  }

  state.textContent = say('Saved');
  addEventListener('beforeunload', (event) => {
    if (dirty || saving) event.preventDefault();
  });
  beat();
  setInterval(beat, BEAT);
  return { changed };
}
