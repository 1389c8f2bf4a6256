// Two have changed the same draft: who was first, what differs (in words and on the drawing), and what is to be done.

// ``found``: the differences (server.js); ``xml`` is what was drawn here, or null where nothing would be lost. ``acts``: {theirs, mine}.
export function conflict(page, modeler, answer, found, xml, say, acts) {
  const place = page.querySelector('[data-conflict]');
  const [canvas, elements] = [modeler.get('canvas'), modeler.get('elementRegistry')];
  const title = page.createElement('h2');
  title.textContent = answer.message ?? say('Somebody else has saved this draft');
  const marked = [...new Set(found.map(({ element }) => element))].filter((id) => elements.get(id));
  for (const id of marked) canvas.addMarker(id, 'differs');
  const close = () => {
    for (const id of marked) if (elements.get(id)) canvas.removeMarker(id, 'differs');
    place.hidden = true;
  };
  const buttons = page.createElement('p');
  buttons.className = 'modeler-decide';
  buttons.append(button(page, say(xml ? 'Load theirs and lose mine' : 'Load it'), 'theirs', acts.theirs));
  if (xml) {
    const keep = () => {
      close();
      acts.mine();
    };
    buttons.append(button(page, say('Keep mine over theirs'), 'mine', keep), file(page, xml, say));
  }
  const same = page.createElement('p');
  same.textContent = say('The two diagrams say the same.');
  const differing = found.length ? table(page, found, say) : same;
  place.replaceChildren(title, ...(xml ? [differing] : []), buttons);
  place.hidden = false;
  place.scrollIntoView({ block: 'nearest' });
}

function table(page, found, say) {
  const made = page.createElement('table');
  made.className = 'modeler-differs';
  made.createTHead().append(row(page, 'th', ['Where', 'What', 'Theirs', 'Mine'].map((words) => say(words))));
  const body = made.createTBody();
  for (const { name, kind, facet, before, after } of found) {
    body.append(row(page, 'td', [name, [say(kind), facet].filter(Boolean).join(' · '), before, after]));
  }
  return made;
}

function row(page, kind, texts) {
  const made = page.createElement('tr');
  for (const text of texts) {
    const cell = page.createElement(kind);
    cell.textContent = text;
    made.append(cell);
  }
  return made;
}

function button(page, words, act, press) {
  const found = page.createElement('button');
  found.type = 'button';
  found.className = 'btn';
  found.dataset.act = act;
  found.textContent = words;
  found.addEventListener('click', press);
  return found;
}

// What was drawn here as a file, so that it is not lost whatever is decided.
function file(page, xml, say) {
  const link = page.createElement('a');
  link.className = 'btn';
  link.download = 'mine.bpmn';
  link.href = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }));
  link.textContent = say('Keep mine as a file');
  return link;
}
