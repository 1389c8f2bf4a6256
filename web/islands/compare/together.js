// Moves and zooms two viewers as one. Where an element was moved, the pictures stand apart by that, so that both show it.
const COMFORTABLE = 0.9; // the scale at which an element is looked at
const MARGIN = 30; // of the whole picture, in its own units

// viewers: {before, after}, or only one of them.
export function together(viewers) {
  const part = (side, name) => viewers[side].get(name);
  const canvas = (side) => part(side, 'canvas');
  const element = (side, id) => part(side, 'elementRegistry').get(id);
  let sides = Object.keys(viewers); // those that are looked at
  let leads = false; // while one picture moves the other
  let apart = { x: 0, y: 0 }; // where the earlier picture has what the later one has at 0, 0

  const shift = (side) => (side === 'before' ? apart : { x: 0, y: 0 });

  for (const side of Object.keys(viewers)) {
    viewers[side].on('canvas.viewbox.changed', () => follow(side));
  }

  function follow(side) {
    if (leads || !sides.includes(side)) return;
    const { x, y, width, height } = canvas(side).viewbox();
    const own = shift(side);
    put({ x: x - own.x, y: y - own.y, width, height }, side);
  }

  // ``box`` as the later picture has it.
  function put(box, except) {
    leads = true;
    try {
      for (const side of sides) {
        if (side === except) continue;
        canvas(side).viewbox({ ...box, x: box.x + shift(side).x, y: box.y + shift(side).y });
      }
    } finally {
      leads = false;
    }
  }

  function whole() {
    apart = { x: 0, y: 0 };
    const boxes = sides.map((side) => canvas(side).viewbox()).filter(({ outer }) => outer.width);
    if (!boxes.length) return;
    const inner = boxes.map((one) => one.inner);
    const left = Math.min(...inner.map((one) => one.x));
    const top = Math.min(...inner.map((one) => one.y));
    const right = Math.max(...inner.map((one) => one.x + one.width));
    const bottom = Math.max(...inner.map((one) => one.y + one.height));
    centre({ x: (left + right) / 2, y: (top + bottom) / 2 }, boxes[0].outer, Math.min(1, boxes[0].outer.width / (right - left + 2 * MARGIN), boxes[0].outer.height / (bottom - top + 2 * MARGIN)));
  }

  function centre(at, outer, scale) {
    const [width, height] = [outer.width / scale, outer.height / scale];
    put({ x: at.x - width / 2, y: at.y - height / 2, width, height });
  }

  function goTo(id) {
    const found = sides.filter((side) => element(side, id));
    const { outer, scale } = sides.length ? canvas(sides[0]).viewbox() : {};
    if (!found.length || !outer.width) return whole();
    for (const side of found) open(side, id);
    const at = Object.fromEntries(found.map((side) => [side, middle(element(side, id))]));
    apart = at.before && at.after ? { x: at.before.x - at.after.x, y: at.before.y - at.after.y } : { x: 0, y: 0 };
    centre(at.after ?? at.before, outer, Math.max(scale, COMFORTABLE));
  }

  // What lies inside of a folded sub-process is on a sheet of its own.
  function open(side, id) {
    const root = canvas(side).findRoot(element(side, id));
    if (root && root !== canvas(side).getRootElement()) canvas(side).setRootElement(root);
  }

  return {
    whole,
    goTo,
    has: (id) => Object.keys(viewers).some((side) => element(side, id)),
    sees: (id) => sides.some((side) => element(side, id)),
    zoom(factor) {
      if (sides.length) canvas(sides[0]).zoom(canvas(sides[0]).zoom() * factor, 'auto');
    },
    // Which pictures are looked at. They have another size now.
    look(seen) {
      const { x, y, width, height } = sides.length ? canvas(sides[0]).viewbox() : {};
      const own = sides.length ? shift(sides[0]) : null;
      sides = seen;
      this.resized();
      if (own && width) put({ x: x - own.x, y: y - own.y, width, height });
    },
    resized() {
      leads = true;
      try {
        for (const side of sides) canvas(side).resized();
      } finally {
        leads = false;
      }
    },
  };
}

function middle({ x, y, width, height, waypoints }) {
  if (!waypoints) return { x: x + width / 2, y: y + height / 2 };
  const xs = waypoints.map((one) => one.x);
  const ys = waypoints.map((one) => one.y);
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}
