// A copy of what is drawn, kept in this browser until it is saved: a lost connection, an ended session or a closed window loses nothing.
const DAYS = 30; // after which a copy that nobody asked for is forgotten
const BEGIN = 'ducha.drawing.';

// ``whose``: the account and the draft, so that nobody else who uses this browser is offered it.
export function keepCopies(whose) {
  const family = `${BEGIN}${whose}.`;
  const mine = `${family}${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
  forgetOld();

  return {
    put(xml, revision) {
      try {
        localStorage.setItem(mine, JSON.stringify({ xml, revision, at: Date.now() }));
      } catch {
        // no room, or not allowed: then what is drawn is only in this window, as the page says
      }
    },
    drop: () => localStorage.removeItem(mine),
    // The latest copy of another window, or of this one before it was closed: {xml, revision, at}, or undefined.
    latest: () => kept(family).map(([, copy]) => copy).sort((one, other) => other.at - one.at)[0],
    dropOthers: () => kept(family).forEach(([key]) => key !== mine && localStorage.removeItem(key)),
  };
}

function kept(family) {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(family))
    .map((key) => [key, read(key)])
    .filter(([, copy]) => copy);
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forgetOld() {
  for (const [key, { at }] of kept(BEGIN)) if (Date.now() - at > DAYS * 86_400_000) localStorage.removeItem(key);
}

// Asks what is to become of a copy. ``acts``: {take, drop}; the answer takes the question away.
export function offerCopy(page, copy, say, language, acts) {
  const place = page.querySelector('[data-copy]');
  const words = page.createElement('p');
  const at = new Date(copy.at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  words.textContent = say('What was drawn here at {time} could not be saved, and was kept in this browser.', { time: at });
  const act = (label, name, done) => {
    const button = page.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn', textContent: label });
    button.dataset.act = name;
    button.addEventListener('click', () => {
      place.hidden = true;
      done();
    });
    return button;
  };
  const file = page.createElement('a');
  Object.assign(file, { className: 'btn', download: 'mine.bpmn', textContent: say('Keep it as a file') });
  file.href = URL.createObjectURL(new Blob([copy.xml], { type: 'application/xml' }));
  const acted = page.createElement('p');
  acted.className = 'modeler-decide';
  acted.append(act(say('Go on with it'), 'take-copy', acts.take), act(say('Throw it away'), 'drop-copy', acts.drop), file);
  place.replaceChildren(words, acted);
  place.hidden = false;
}
