// What a phone keeps until the server has it, in IndexedDB:
//   photos   files of a form, with what is known of how they were taken; `sent` once the server has them
//   outbox   forms that were handed in on the phone, one a task
//   tickets  what the server gave for photos (see workflows/tickets.py)
// Forms are known by `form`: "<account>:<address of the draft>". Typing is kept in localStorage (forms/kept.js), which
// can still be written while a page is being closed.
const STORES = { photos: 'id', outbox: 'form', tickets: 'nonce' };

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('ducha', 1);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        const store = request.result.createObjectStore(name, { keyPath });
        if (name === 'photos') store.createIndex('form', 'form');
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

// One transaction; what `work` returns is a request of IndexedDB or nothing.
async function within(name, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const put = (name, value) => within(name, 'readwrite', (store) => store.put(value));
export const get = (name, key) => within(name, 'readonly', (store) => store.get(key));
export const all = (name) => within(name, 'readonly', (store) => store.getAll());
export const remove = (name, key) => within(name, 'readwrite', (store) => store.delete(key));
export const photosOf = (form) => within('photos', 'readonly', (store) => store.index('form').getAll(form));

// Take one value out, so that of two pages only one gets it. Undefined if there is none that fits.
export async function takeOne(name, fits) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, 'readwrite');
    let found;
    transaction.objectStore(name).openCursor().onsuccess = (event) => {
      const cursor = event.target.result;
      if (!cursor || found) return;
      if (fits(cursor.value)) {
        found = cursor.value;
        cursor.delete();
      } else {
        cursor.continue();
      }
    };
    transaction.oncomplete = () => resolve(found);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export async function forget(form) {
  for (const photo of await photosOf(form)) await remove('photos', photo.id);
  await remove('outbox', form);
}
