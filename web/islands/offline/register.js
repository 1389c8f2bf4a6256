// On a phone: lets the service worker keep the pages of tasks, and asks the browser not to clear what is kept.
export const isCarried = () => matchMedia('(pointer: coarse)').matches;

export async function register() {
  if (!('serviceWorker' in navigator) || !isCarried()) return;
  try {
    await navigator.serviceWorker.register('/worker.js', { type: 'module' });
    const { active } = await navigator.serviceWorker.ready;
    // Whether the worker was there when this page was loaded can't be told from here: it may have claimed it since.
    if (document.querySelector('form[data-offline]')) active.postMessage({ page: location.href });
    await navigator.storage?.persist?.();
  } catch {
    // an old browser, or one that forbids it: the page works while it is open
  }
}
