// Marks on one picture: a colour and a sign for each element that differs; colour alone would not reach everybody.
const TYPE = 'differs';
const SIGNS = { added: '＋', removed: '－', changed: '≠', moved: '↔' };
const ABSENT = { before: 'added', after: 'removed' }; // what a picture does not have
const HERE = 'differs-here';

// marks: [{id, kind}]. An element that became another kind of step was removed in one picture and added in the other.
export function marking(viewer, side, marks) {
  const [canvas, overlays, elements] = ['canvas', 'overlays', 'elementRegistry'].map((name) => viewer.get(name));
  const own = new Map(marks.filter(({ id, kind }) => kind !== ABSENT[side] && elements.get(id)).map(({ id, kind }) => [id, kind]));
  let picked = null;

  const parts = (id) => [id, `${id}_label`].filter((one) => elements.get(one));

  function put(id, kind) {
    for (const one of parts(id)) canvas.addMarker(one, `differs-${kind}`);
    const html = document.createElement('span');
    html.className = `picture-sign sign-${kind}`;
    html.textContent = SIGNS[kind];
    overlays.add(id, TYPE, { position: corner(elements.get(id)), html, scale: { min: 0.8 } });
  }

  function show(kinds) {
    overlays.remove({ type: TYPE });
    for (const [id, kind] of own) {
      for (const one of parts(id)) canvas.removeMarker(one, `differs-${kind}`);
      if (kinds.includes(kind)) put(id, kind);
    }
  }

  function pick(id) {
    if (picked) canvas.removeMarker(picked, HERE);
    picked = elements.get(id) ? id : null;
    if (picked) canvas.addMarker(picked, HERE);
  }

  show(Object.keys(SIGNS));
  return { show, pick };
}

// The sign sits on the upper left corner of a shape, on the middle of a flow.
function corner({ waypoints }) {
  if (!waypoints) return { top: -11, left: -11 };
  const at = Math.floor((waypoints.length - 1) / 2);
  const [from, to] = [waypoints[at], waypoints[at + 1]];
  const [left, top] = ['x', 'y'].map((axis) => (from[axis] + to[axis]) / 2 - Math.min(...waypoints.map((one) => one[axis])) - 10);
  return { left, top };
}
