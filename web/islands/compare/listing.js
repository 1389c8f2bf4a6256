// The list of differences: a click, the arrow keys or the buttons lead both pictures to one and unfold what it says.
export function listing(mount, places, say) {
  const list = mount.querySelector('[data-places]');
  const said = mount.querySelector('[data-said]');
  let [shown, at] = [null, null];

  const button = (place) => place.querySelector('.compare-place');
  const name = (place) => place.querySelector('.compare-name').textContent;
  const seen = () => places.filter((one) => !one.hidden);

  function unfold(place, open) {
    button(place).setAttribute('aria-expanded', String(open));
    place.querySelector('.compare-facets').hidden = !open;
  }

  function choose(place) {
    for (const one of places) {
      unfold(one, one === place);
      if (one === place) button(one).setAttribute('aria-current', 'true');
      else button(one).removeAttribute('aria-current');
    }
    at = place;
    const all = seen();
    said.textContent = say('{number} of {count}: {name}', { number: all.indexOf(place) + 1, count: all.length, name: name(place) });
    shown?.goTo(place.dataset.place);
    place.scrollIntoView({ block: 'nearest' });
  }

  // From the chosen one on, round and round; ``by`` is 1 or -1.
  function step(by) {
    const all = seen();
    if (!all.length) return null;
    const from = all.indexOf(at);
    const next = all[from < 0 ? (by > 0 ? 0 : all.length - 1) : (from + by + all.length) % all.length];
    choose(next);
    return next;
  }

  for (const place of places) {
    unfold(place, false);
    button(place).addEventListener('click', () => choose(place));
    button(place).addEventListener('keydown', (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = step(by);
      if (next) button(next).focus({ preventScroll: true });
    });
  }
  for (const one of mount.querySelectorAll('[data-step]')) one.addEventListener('click', () => step(Number(one.dataset.step)));

  return {
    withPictures(pictures) {
      shown = pictures;
      if (at) shown.goTo(at.dataset.place);
    },
    show(kinds) {
      for (const place of places) place.hidden = !kinds.includes(place.dataset.kind);
    },
  };
}
