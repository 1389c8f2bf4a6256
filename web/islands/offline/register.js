// On a phone: lets the service worker keep the pages of tasks, and asks the browser not to clear what is kept.
export const isCarried = () => matchMedia('(pointer: coarse)').matches;

export async function register() {
  if (!('serviceWorker' in navigator) || !isCarried()) return;
  try {
    await navigator.serviceWorker.register('/worker.js', { type: 'module' });
    const { active } = await navigator.serviceWorker.ready;
    const page = document.querySelector('form[data-offline]') && !navigator.serviceWorker.controller ? location.href : null;
    active.postMessage({ page, assets: assets() });
    await navigator.storage?.persist?.();
  } catch {
    // an old browser, or one that forbids it: the page works while it is open
  }
}

// What this page has loaded from us, and the sprite of icons that it refers to.
function assets() {
  const loaded = performance.getEntriesByType('resource').map((one) => one.name);
  const icons = [...document.querySelectorAll('svg use')].map((one) => new URL(one.getAttribute('href'), location).href);
  const named = [...document.querySelectorAll('link[rel=stylesheet], link[rel=icon], script[src]')].map((one) => one.href || one.src);
  const all = [...loaded, ...icons, ...named].map((address) => address.split('#')[0]);
  return [...new Set(all)].filter((address) => new URL(address).pathname.startsWith('/static/'));
}
