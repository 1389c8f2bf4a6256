// Long texts: how much room is left, and text areas that grow with what is written.
const NEAR = 0.8; // of the limit: before that nobody needs the number

export function countCharacters(form, texts) {
  const notes = new WeakMap();
  form.addEventListener('input', (event) => {
    const control = event.target;
    const limit = Number(control.dataset?.limit);
    if (!limit) return;
    const count = [...control.value.trim()].length;
    if (count < NEAR * limit && !notes.has(control)) return;
    if (!notes.has(control)) {
      const note = document.createElement('div');
      note.className = 'form-hint ask-count';
      note.setAttribute('role', 'status');
      (control.closest('.input-group') ?? control).after(note);
      notes.set(control, note);
    }
    const note = notes.get(control);
    note.textContent = texts.characters.replace('{count}', count).replace('{limit}', limit);
    note.classList.toggle('ask-over', count > limit);
  });
}

export function growTexts(form) {
  if (CSS.supports('field-sizing', 'content')) return; // form.css does it
  const grow = (area) => {
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  form.addEventListener('input', (event) => event.target.matches('[data-grow]') && grow(event.target));
  form.querySelectorAll('[data-grow]').forEach(grow);
}
