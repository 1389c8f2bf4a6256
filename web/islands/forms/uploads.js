// Uploads files as soon as they are chosen, photos made smaller first. Without script they are sent with the form.
import { prepare } from './photos.js';
import { position } from './places.js';
import { token } from './drafts.js';

export function takeFiles(form, texts, changed) {
  const busy = new Set();

  form.addEventListener('click', (event) => {
    // The position is asked for while the camera opens, so that nobody waits for it afterwards.
    if (event.target.matches?.('[data-camera]')) event.target.position = position();
  });
  form.addEventListener('change', (event) => {
    const input = event.target;
    if (input.type !== 'file' || !input.closest('[data-upload]')) return;
    event.stopPropagation();
    const box = input.closest('[data-upload]');
    // Only a device with a camera in the hand takes photos on the spot; a desktop shows a file picker here as well.
    const inApp = input.dataset.camera !== undefined && matchMedia('(pointer: coarse)').matches;
    const chosen = { at: new Date().toISOString(), inApp, position: inApp ? input.position : null };
    for (const file of input.files) upload(box, file, chosen);
    input.value = '';
  });
  form.addEventListener('submit', (event) => {
    if (!busy.size) return;
    event.preventDefault();
    const [item] = busy;
    item.querySelector('[data-says]').textContent = texts.waiting;
    item.scrollIntoView({ block: 'center' });
  });

  async function upload(box, file, chosen) {
    const item = waiting(box, file);
    busy.add(item);
    try {
      const { blob, name } = box.dataset.photos !== undefined ? await prepare(file) : { blob: file, name: file.name };
      const found = await send(await described(blob, name, chosen), (percent) => progress(item, file, percent));
      item.replaceWith(keptItem(box, found));
      if (box.dataset.most === '1') keepOnly(box, found.id);
      changed();
    } catch (error) {
      failed(box, item, file, chosen, error);
    } finally {
      busy.delete(item);
    }
  }

  async function described(blob, name, chosen) {
    const body = new FormData();
    body.set('file', blob, name);
    body.set('source', chosen.inApp ? 'in_app' : 'file');
    body.set('in_app', String(chosen.inApp));
    if (chosen.inApp) body.set('captured_at', chosen.at);
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

  function waiting(box, file) {
    const item = document.createElement('li');
    item.className = 'ask-file';
    item.innerHTML = '<progress max="100"></progress><span data-says role="status"></span>';
    item.querySelector('progress').setAttribute('aria-label', file.name);
    box.querySelector('[data-files]').append(item);
    progress(item, file, 0);
    return item;
  }

  function progress(item, file, percent) {
    item.querySelector('progress').value = percent;
    item.querySelector('[data-says]').textContent = texts.uploading
      .replace('{name}', file.name)
      .replace('{percent}', percent);
  }

  function failed(box, item, file, chosen, error) {
    item.querySelector('progress')?.remove();
    const says = item.querySelector('[data-says]');
    says.textContent = texts.failed.replace('{name}', file.name).replace('{reason}', error.message);
    says.className = 'text-danger';
    const again = button(texts.retry, () => {
      item.remove();
      upload(box, file, chosen);
    });
    const drop = button(texts.remove.replace('{name}', file.name), () => item.remove());
    item.append(again, drop);
  }

  function button(text, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'btn btn-sm';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  }

  // The same item as the server draws, see web/templates/forms/inputs.html.
  function keptItem(box, file) {
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

  return { list, restore };
}
