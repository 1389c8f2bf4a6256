// The form as the server draws it, in a frame as wide as a desk or a phone; what is filled in there is tried by the server.
import { make } from './dom.js';

const PAUSE = 350; // milliseconds without a change until it is drawn anew

export function showPreview(page, kept, given, office, say, found) {
  const [box, note, as] = ['[data-frame]', '[data-note]', '[data-as]'].map((one) => page.querySelector(one));
  const own = given.name.split('/')[1] ?? '';
  const tried = {}; // the answers of each step that the server has taken
  let [width, waiting, asked] = [1024, 0, 0];
  if (box.clientWidth < 600) lookAt(page.querySelector('[data-width="390"]'));

  const showing = given.steps.filter((step) => step.form === given.name);
  const steps = [...(showing.some((step) => step.id === own) ? [] : [{ id: own, name: say('Form') }]), ...showing];
  as.replaceChildren(...steps.map((step) => make('option', { value: step.id, selected: step.id === own }, step.name)));
  as.addEventListener('change', draw);
  page.querySelector('[data-again]').addEventListener('click', draw);
  for (const look of page.querySelectorAll('[data-width]')) look.addEventListener('click', () => lookAt(look));
  new ResizeObserver(fit).observe(box);

  const carried = () => tried[kept.form.steps?.[as.value]?.from ?? own] ?? {};
  const body = () => ({ document: kept.form, step: as.value, carried: carried() });

  function changed() {
    clearTimeout(waiting);
    waiting = setTimeout(draw, PAUSE);
  }

  async function draw() {
    const number = (asked += 1);
    const answer = await office.preview(body()).catch(() => null);
    if (number !== asked) return;
    if (!answer?.problems) {
      note.textContent = answer?.message ?? say('The connection is lost.');
      return;
    }
    note.textContent = answer.html === null ? say('The preview shows the last state without faults.') : '';
    if (answer.html !== null) put(answer.html);
    found(answer);
  }

  // The new frame takes the place of the old one once it is there, at the same height of the page.
  function put(html) {
    const old = box.querySelector('iframe:not([data-coming])');
    box.querySelector('iframe[data-coming]')?.remove();
    const frame = make('iframe', { title: say('Preview of the form'), data: { coming: '' } });
    frame.addEventListener('load', () => {
      const top = old?.contentWindow?.scrollY ?? 0;
      old?.remove();
      delete frame.dataset.coming;
      frame.contentWindow.scrollTo(0, top);
      frame.contentDocument.addEventListener('submit', attempt);
      frame.contentDocument.addEventListener('click', pick);
    }, { once: true });
    frame.srcdoc = html;
    box.append(frame);
    fit();
  }

  async function attempt(event) {
    event.preventDefault();
    const items = [...new event.target.ownerDocument.defaultView.FormData(event.target)].filter(([, value]) => typeof value === 'string');
    const [step, number] = [as.value, (asked += 1)];
    const answer = await office.attempt({ ...body(), items }).catch(() => null);
    if (number !== asked) return;
    note.textContent = answer?.html ? '' : (answer?.message ?? say('The connection is lost.'));
    if (!answer?.html) return;
    if (answer.accepted) tried[step] = answer.answers;
    put(answer.html);
  }

  // Who goes to a question in the preview sees what its field says.
  function pick(event) {
    const name = event.target.closest('[data-question]')?.dataset.question;
    if (name) found({ picked: name.replaceAll(/-\d+-/g, '.') });
  }

  function lookAt(look) {
    width = Number(look.dataset.width);
    for (const one of page.querySelectorAll('[data-width]')) one.setAttribute('aria-pressed', String(one === look));
    fit();
  }

  // What is wider than its place is shown smaller, not narrower: its layout must be that of the width.
  function fit() {
    const wide = width < 600 ? width : Math.max(width, box.clientWidth);
    const scale = Math.min(1, box.clientWidth / wide);
    for (const frame of box.querySelectorAll('iframe')) {
      Object.assign(frame.style, { width: `${wide}px`, height: `${box.clientHeight / scale}px`, transform: `scale(${scale})` });
    }
  }

  return { changed, draw };
}
