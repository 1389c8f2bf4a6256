// Sends files as soon as they are chosen, photos made smaller first. Without script they are sent with the form.
// On a phone each is kept there before it is sent (offline/photos.js), so that neither a dead spot nor a closed page
// loses it; where a page can't keep anything it is only sent.
import { button } from './buttons.js';
import { prepare } from './photos.js';
import { position } from './places.js';
import { token } from './drafts.js';
import { blobOf, keepPhoto, sendPhoto } from '../offline/photos.js';
import { photosOf, put, remove } from '../offline/store.js';
import { stockUp, takeTicket, trueTime } from '../offline/tickets.js';

// A picture of the gallery is older than the press on the button that opens the camera.
const CAMERA_AHEAD = 60_000; // ms

export function takeFiles(form, texts, changed, keeping) {
  const busy = new Set();
  const onTheWay = new Map(); // id of a kept file -> its sending

  form.addEventListener('click', (event) => {
    // The position is asked for while the camera opens, so that nobody waits for it afterwards.
    if (event.target.matches?.('[data-camera]')) {
      event.target.position = position();
      event.target.pressed = Date.now();
    }
  });
  form.addEventListener('change', (event) => {
    const input = event.target;
    if (input.dataset.photo) dropOrKeep(input);
    if (input.type !== 'file' || !input.closest('[data-upload]')) return;
    event.stopPropagation();
    const box = input.closest('[data-upload]');
    // Only a device with a camera in the hand takes photos on the spot; a desktop shows a file picker here as well.
    const byCamera = input.dataset.camera !== undefined && matchMedia('(pointer: coarse)').matches;
    for (const file of input.files) {
      const inApp = byCamera && file.lastModified >= (input.pressed ?? 0) - CAMERA_AHEAD;
      add(box, file, { at: new Date().toISOString(), inApp, position: inApp ? input.position : null });
    }
    input.value = '';
  });
  form.addEventListener('submit', (event) => {
    if (!busy.size || event.defaultPrevented) return;
    event.preventDefault();
    const [item] = busy;
    item.querySelector('[data-says]').textContent = texts.waiting;
    item.scrollIntoView({ block: 'center' });
  });

  async function add(box, file, chosen) {
    const item = waiting(box, file.name);
    busy.add(item);
    try {
      const { blob, name } = box.dataset.photos !== undefined ? await prepare(file) : { blob: file, name: file.name };
      if (keeping) await keepThenSend(box, item, blob, name, chosen);
      else await onlySend(box, item, blob, name, chosen);
    } catch (error) {
      failed(item, file.name, error.message, () => add(box, file, chosen));
    } finally {
      busy.delete(item);
    }
  }

  async function onlySend(box, item, blob, name, chosen) {
    const found = await send(await described(blob, name, chosen), (percent) => progress(item, name, percent));
    item.replaceWith(keptItem(box, found));
    if (box.dataset.most === '1') keepOnly(box, found.id);
    changed();
  }

  async function keepThenSend(box, item, blob, name, chosen) {
    const record = await keepPhoto(keeping.form, keeping.owner, box.dataset.upload, blob, name, chosen);
    drawKept(item, record);
    if (box.dataset.most === '1') await dropOthers(box, record.id);
    changed();
    sendKept(record); // nobody has to wait for it: it is safe here
  }

  // Try to send one file that is kept here, and draw what became of it.
  function sendKept(record) {
    if (!onTheWay.has(record.id)) {
      const sending = sendPhoto(record, form.dataset.attachmentsUrl, token(form)).then((found) => draw(found));
      onTheWay.set(record.id, sending.finally(() => onTheWay.delete(record.id)));
    }
    return onTheWay.get(record.id);
  }

  function draw(record) {
    const box = form.querySelector(`[data-upload="${CSS.escape(record.field)}"]`);
    const shown = box?.querySelector(`[data-kept="${record.id}"]`);
    if (!box || record.dropped) return;
    if (record.sent) {
      const there = [...box.querySelectorAll('[data-files] input')].find((tick) => tick.value === record.sent.id);
      if (there) there.dataset.photo = record.id;
      if (there) shown?.remove();
      else place(box, shown, keptItem(box, record.sent, record.id));
      changed();
    } else if (record.refused) {
      const item = shown ?? place(box, null, document.createElement('li'));
      item.replaceChildren(Object.assign(document.createElement('span'), { className: 'text-danger' }));
      item.className = 'ask-file';
      item.dataset.kept = record.id;
      item.firstChild.textContent = texts.failed.replace('{name}', record.name).replace('{reason}', record.refused);
      item.append(
        button(texts.retry, () => sendKept({ ...record, refused: null })),
        button(texts.remove.replace('{name}', record.name), () => throwAway(record.id)),
      );
    } else if (!shown) {
      drawKept(place(box, null, document.createElement('li')), record);
    }
  }

  function place(box, old, item) {
    if (old) old.replaceWith(item);
    else box.querySelector('[data-files]').append(item);
    return item;
  }

  // A file that waits on this device: its picture, and that it waits.
  function drawKept(item, record) {
    item.className = 'ask-file';
    item.dataset.kept = record.id;
    item.replaceChildren();
    if (record.type.startsWith('image/')) {
      const image = Object.assign(document.createElement('img'), { alt: '', width: 64, height: 64, className: 'ask-thumb' });
      image.src = URL.createObjectURL(blobOf(record));
      item.append(image);
    }
    const words = Object.assign(document.createElement('span'), { className: 'ask-waits' });
    words.textContent = texts.keptHere.replace('{name}', record.name);
    item.append(words, button(texts.remove.replace('{name}', record.name), () => throwAway(record.id)));
  }

  async function throwAway(id) {
    await remove('photos', id);
    form.querySelector(`[data-kept="${id}"]`)?.remove();
    changed();
  }

  async function dropOrKeep(tick) {
    const record = (await photosOf(keeping.form)).find((one) => one.id === tick.dataset.photo);
    if (record) await put('photos', { ...record, dropped: !tick.checked });
  }

  // Of a field that takes one file only the latest counts.
  async function dropOthers(box, id) {
    keepOnly(box, null);
    for (const record of await photosOf(keeping.form)) {
      if (record.field === box.dataset.upload && record.id !== id) await throwAway(record.id);
    }
  }

  async function described(blob, name, chosen) {
    const ticket = await takeTicket(form.dataset.owner).catch(() => undefined);
    const body = new FormData();
    body.set('file', blob, name);
    body.set('in_app', String(chosen.inApp));
    if (ticket) body.set('ticket', ticket.nonce);
    if (chosen.inApp) body.set('captured_at', trueTime(chosen.at, ticket));
    const found = await chosen.position;
    if (found) {
      body.set('lat', found.latitude);
      body.set('lon', found.longitude);
      body.set('accuracy', found.accuracy);
    }
    return body;
  }

  function send(body, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch can't tell how much was sent
      request.open('POST', form.dataset.attachmentsUrl);
      request.responseType = 'json';
      request.setRequestHeader('X-CSRFToken', token(form));
      request.setRequestHeader('X-Requested-With', 'fetch');
      request.setRequestHeader('Accept', 'application/json');
      request.upload.addEventListener('progress', (event) => {
        if (event.lengthComputable) onProgress(Math.round((100 * event.loaded) / event.total));
      });
      request.addEventListener('load', () => {
        const answer = request.response;
        if (request.status < 300 && answer?.id) resolve(answer);
        else reject(new Error(answer?.message || (request.status === 413 ? texts.tooLarge : texts.refused)));
      });
      request.addEventListener('error', () => reject(new Error(texts.offline)));
      request.send(body);
    });
  }

  function waiting(box, name) {
    const item = document.createElement('li');
    item.className = 'ask-file';
    item.innerHTML = '<progress max="100"></progress><span data-says role="status"></span>';
    item.querySelector('progress').setAttribute('aria-label', name);
    box.querySelector('[data-files]').append(item);
    progress(item, name, 0);
    return item;
  }

  function progress(item, name, percent) {
    item.querySelector('progress').value = percent;
    item.querySelector('[data-says]').textContent = texts.uploading.replace('{name}', name).replace('{percent}', percent);
  }

  function failed(item, name, reason, again) {
    item.querySelector('progress')?.remove();
    const says = item.querySelector('[data-says]');
    says.textContent = texts.failed.replace('{name}', name).replace('{reason}', reason);
    says.className = 'text-danger';
    const retry = () => {
      item.remove();
      again();
    };
    item.append(button(texts.retry, retry), button(texts.remove.replace('{name}', name), () => item.remove()));
  }

  // The same item as the server draws, see web/templates/forms/inputs.html.
  function keptItem(box, file, photo) {
    const item = document.createElement('li');
    item.className = 'ask-file';
    if (file.thumb) {
      const image = Object.assign(document.createElement('img'), { src: file.thumb, alt: '', width: 64, height: 64 });
      image.className = 'ask-thumb';
      item.append(image);
    }
    const label = document.createElement('label');
    label.className = 'form-check';
    const tick = Object.assign(document.createElement('input'), { type: 'checkbox', name: box.dataset.upload, value: file.id, checked: true });
    tick.className = 'form-check-input';
    tick.dataset.file = JSON.stringify(file);
    if (photo) tick.dataset.photo = photo;
    const words = document.createElement('span');
    words.className = 'form-check-label';
    words.textContent = texts.keep.replace('{name}', file.name);
    label.append(tick, words);
    item.append(label);
    if (file.grade) {
      const mark = document.createElement('span');
      mark.className = file.grade === 'A' ? 'mark mark-green' : 'mark';
      mark.textContent = texts.grade.replace('{grade}', file.grade);
      item.append(mark);
    }
    return item;
  }

  function keepOnly(box, id) {
    for (const tick of box.querySelectorAll('[data-files] input[type=checkbox]')) tick.checked = tick.value === id;
  }

  // For what is kept on the device: the files that were uploaded in this page.
  function list() {
    return [...form.querySelectorAll('[data-files] input[data-file]')].map((tick) => [tick.name, JSON.parse(tick.dataset.file)]);
  }

  function restore(files) {
    for (const [name, file] of files) {
      const box = form.querySelector(`[data-upload="${CSS.escape(name)}"]`);
      const there = [...(box?.querySelectorAll('[data-files] input') ?? [])].some((tick) => tick.value === file.id);
      if (box && !there) box.querySelector('[data-files]').append(keptItem(box, file));
    }
  }

  // What an earlier visit to this page has left on the device.
  async function drawAll() {
    for (const record of await photosOf(keeping.form)) draw(record);
  }

  async function sendAllKept() {
    for (const record of await photosOf(keeping.form)) if (!record.sent && !record.refused) await sendKept(record);
  }

  if (form.querySelector('[data-camera]') && form.dataset.owner) {
    stockUp(form.dataset.owner, token(form)).catch(() => {}); // no storage, no tickets: the photo gets a lower grade
  }
  return { list, restore, add, drawAll, sendAllKept };
}
