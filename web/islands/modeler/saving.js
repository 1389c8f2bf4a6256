// Saves what is drawn a moment after the last change. Whoever was quicker is never overwritten unasked.
const PAUSE = 900; // milliseconds without a change until it is saved
const AGAIN = 5000; // until a save that failed is tried again
const BEAT = 20000; // how often it is said that the draft is open here

export function keepSaved(page, modeler, office, revision, say, problems) {
  const state = page.querySelector('[data-state]');
  const conflict = page.querySelector('[data-conflict]');
  let [waiting, saving, dirty] = [0, false, false];

  async function save() {
    if (saving || !dirty) return;
    [saving, dirty] = [true, false];
    state.textContent = say('Saving…');
    const { xml } = await modeler.saveXML({ format: true });
    const answer = await office.save(revision, xml).catch(() => ({ status: 0 }));
    saving = false;
    if (answer.status === 200) {
      revision = answer.revision;
      state.textContent = say(dirty ? 'Not saved yet' : 'Saved');
      problems.list(answer.problems);
    } else if (answer.status === 409) {
      ask(answer, xml);
      return;
    } else {
      dirty = true;
      state.textContent = answer.message ?? say('It could not be saved; it is tried again.');
      plan(AGAIN);
      return;
    }
    if (dirty) plan(PAUSE);
  }

  function plan(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  }

  function changed() {
    dirty = true;
    state.textContent = say('Not saved yet');
    if (conflict.hidden) plan(PAUSE);
  }

  // Somebody else has saved: nothing is sent until a person has decided.
  function ask(answer, xml) {
    const list = page.createElement('ul');
    for (const one of answer.differences ?? []) {
      const item = page.createElement('li');
      item.textContent = [one.element, one.facet].filter(Boolean).join(' · ');
      list.append(item);
    }
    const title = page.createElement('strong');
    title.textContent = answer.message ?? say('Somebody else has saved this draft');
    const theirs = button(say('Load theirs and lose mine'), () => location.reload());
    const mine = button(say('Keep mine over theirs'), async () => {
      revision = answer.revision;
      conflict.hidden = true;
      dirty = true;
      await save();
    });
    conflict.replaceChildren(title, list, theirs, mine);
    conflict.dataset.mine = xml;
    conflict.hidden = false;
  }

  function button(words, act) {
    const found = page.createElement('button');
    found.type = 'button';
    found.className = 'btn';
    found.textContent = words;
    found.addEventListener('click', act);
    return found;
  }

  async function beat() {
    const { others } = await office.seen().catch(() => ({ others: [] }));
    page.querySelector('[data-others]').textContent = others.length
      ? say('Also open at: {names}', { names: others.join(', ') })
      : '';
  }

  state.textContent = say('Saved');
  modeler.on('commandStack.changed', changed);
  addEventListener('beforeunload', (event) => {
    if (dirty || saving || !conflict.hidden) event.preventDefault();
  });
  beat();
  setInterval(beat, BEAT);
  return { changed };
}
