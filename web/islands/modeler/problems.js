// What the server finds wrong: as a list, and as a mark with its sentence on each element; a click leads to the element.
const LATER = 350; // milliseconds without a change until what is drawn is checked

export function checkProblems(page, modeler, office, say, tell) {
  const button = page.querySelector('[data-problems]');
  const list = page.querySelector('#modeler-problems');
  const [overlays, elements] = [modeler.get('overlays'), modeler.get('elementRegistry')];
  let [waiting, asked] = [0, 0];

  button.addEventListener('click', () => {
    list.hidden = !list.hidden;
    button.setAttribute('aria-expanded', String(!list.hidden));
  });

  function show(problems) {
    overlays.remove({ type: 'problem' });
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    button.textContent = problems.length ? say('{count} problems', { count: problems.length }) : say('No problems');
    button.classList.toggle('has-errors', errors > 0);
    button.dataset.errors = errors;
    list.replaceChildren(...problems.map(line));
    for (const [id, found] of grouped(problems)) {
      const shape = elements.get(id);
      if (shape?.parent) overlays.add(id, 'problem', { position: place(shape), html: mark(shape, found) });
    }
    tell(problems);
  }

  function line({ element, severity, message }) {
    const item = page.createElement('li');
    item.className = `problem-${severity}`;
    const shape = elements.get(element);
    const name = called(shape?.businessObject) || element;
    item.append(name ? `${name}: ` : '', message);
    if (shape) {
      const go = pressed(say('Show it'), shape);
      go.setAttribute('aria-label', `${say('Show it')}: ${name}`);
      item.append(' ', go);
    }
    return item;
  }

  function pressed(words, shape) {
    const go = page.createElement('button');
    go.type = 'button';
    go.className = 'btn btn-sm';
    go.textContent = words;
    go.addEventListener('click', () => {
      modeler.get('selection').select(shape);
      modeler.get('canvas').scrollToElement(shape, 120);
    });
    return go;
  }

  function mark(shape, found) {
    const sentences = found.map(({ message }) => message).join('\n');
    const made = pressed('!', shape);
    const error = found.some(({ severity }) => severity === 'error');
    made.className = `modeler-mark ${error ? 'mark-error' : 'mark-warning'}`;
    made.title = sentences;
    made.setAttribute('aria-label', sentences);
    return made;
  }

  // What is drawn, saved or not. An answer that was overtaken by a later question is passed over.
  async function check() {
    const mine = (asked += 1);
    const { xml } = await modeler.saveXML({ format: true });
    modeler.get('eventBus').fire('ducha.written', { xml });
    const found = await office.check(xml).catch(() => null);
    if (found && mine === asked) show(found);
  }

  modeler.on('commandStack.changed', () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, LATER);
  });
  return { show, check };
}

// The name of an element; of a flow without one, what it leads from and to.
function called(object) {
  const ends = [object?.sourceRef, object?.targetRef].map((one) => one && (one.name || one.id));
  return object?.name || ends.filter(Boolean).join(' → ') || object?.id;
}

// On the upper left corner of a shape, in the middle of a flow.
function place({ waypoints }) {
  if (!waypoints) return { top: -10, left: -10 };
  const [xs, ys] = [waypoints.map(({ x }) => x), waypoints.map(({ y }) => y)];
  const at = Math.floor((waypoints.length - 1) / 2);
  const [one, other] = [waypoints[at], waypoints[at + 1]];
  return { left: (one.x + other.x) / 2 - Math.min(...xs) - 9, top: (one.y + other.y) / 2 - Math.min(...ys) - 9 };
}

function grouped(problems) {
  const found = new Map();
  for (const one of problems) found.set(one.element, [...(found.get(one.element) ?? []), one]);
  return found;
}
