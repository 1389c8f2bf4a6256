// Two have changed the same draft: who was first, what differs (in words, on the drawing and in both pictures), and what
// is to be done.
import { server } from './server.js';

// ``found``: the differences (server.js); ``xml`` is what was drawn here, or null where nothing would be lost. ``acts``: {theirs, mine}.
export function conflict(page, modeler, answer, found, xml, say, acts) {
  const place = page.querySelector('[data-conflict]');
  const [canvas, elements] = [modeler.get('canvas'), modeler.get('elementRegistry')];
  const title = page.createElement('h2');
  title.textContent = answer.message ?? say('Somebody else has saved this draft');
  const marked = [...new Set(found.map(({ element }) => element))].filter((id) => elements.get(id));
  for (const id of marked) canvas.addMarker(id, 'differs');
  const both = looking(page, found, xml, say);
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
    buttons.append(button(page, say('Keep mine over theirs'), 'mine', keep), file(page, xml, say), both.button);
  }
  const same = page.createElement('p');
  same.textContent = say('The two diagrams say the same.');
  const differing = found.length ? table(page, found, say, both.goTo) : same;
  place.replaceChildren(title, ...(xml ? [differing] : []), buttons, both.box);
  place.hidden = false;
  place.scrollIntoView({ block: 'nearest' });
}

// Theirs and mine as two pictures that are moved together; loaded when somebody wants to see them.
function looking(page, found, xml, say) {
  const box = page.createElement('div');
  box.className = 'mt-3';
  let pictures = null;
  const open = () => {
    pictures ??= draw();
    return pictures;
  };
  async function draw() {
    const office = server(page.querySelector('[data-modeler]').dataset.modeler);
    const [theirs, made] = await Promise.all([office.diagram(), import('../compare/pictures.js')]);
    const names = { before: say('Theirs'), after: say('Mine') };
    const marks = found.map(({ element, kind }) => ({ id: element, kind }));
    return made.pictures(box, names, { before: theirs, after: xml }, marks, say);
  }
  return {
    box,
    button: button(page, say('Look at both pictures'), 'look', open),
    goTo: async (id) => (await open()).goTo(id),
  };
}

function table(page, found, say, goTo) {
  const made = page.createElement('table');
  made.className = 'modeler-differs';
  made.createTHead().append(row(page, 'th', ['Where', 'What', 'Theirs', 'Mine'].map((words) => say(words))));
  const body = made.createTBody();
  for (const { element, name, kind, facet, before, after } of found) {
    const line = row(page, 'td', ['', [say(kind), facet].filter(Boolean).join(' · '), before, after]);
    const lead = button(page, name, 'go', () => goTo(element));
    lead.className = 'btn btn-sm';
    line.cells[0].append(lead);
    body.append(line);
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
