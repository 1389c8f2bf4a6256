// A pad to sign on with finger, pen or mouse. What was drawn becomes a picture like one that was chosen.
const INK = '#1b2430';

export function signOn(form, files) {
  const prepare = () => form.querySelectorAll('[data-sign][hidden]').forEach(offer); // those of new rows as well
  form.addEventListener('change', prepare);

  function offer(pad) {
    pad.hidden = false;
    const canvas = pad.querySelector('[data-sign-pad]');
    const [take, clear] = [pad.querySelector('[data-sign-take]'), pad.querySelector('[data-sign-clear]')];
    const pen = canvas.getContext('2d');
    Object.assign(pen, { lineWidth: 4, lineCap: 'round', lineJoin: 'round', strokeStyle: INK });
    let length = 0;
    let last = null;

    const empty = () => {
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, canvas.width, canvas.height);
      length = 0;
      take.disabled = clear.disabled = true;
    };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
      event.preventDefault();
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!last) return;
      const next = at(event);
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...next);
      pen.stroke();
      length += Math.hypot(next[0] - last[0], next[1] - last[1]);
      last = next;
      clear.disabled = false;
      take.disabled = length < 100; // a dot is no signature
    });
    for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => (last = null));
    clear.addEventListener('click', empty);
    take.addEventListener('click', () => {
      canvas.toBlob((blob) => {
        const file = new File([blob], 'signature.png', { type: 'image/png' });
        files.add(pad.closest('[data-upload]'), file, { at: new Date().toISOString(), inApp: false, position: null });
        empty();
      }, 'image/png');
    });
    empty();
  }

  prepare();
}
