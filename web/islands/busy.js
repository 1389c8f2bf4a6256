// Says that the machine is at work: a bar at the top for pages that load, a spinner in the button that was pressed.
// A form marked data-once is not sent twice; the server would answer the second with the first result anyway.
export function showBusy(root) {
  const bar = root.querySelector('.busybar');
  if (!bar) return;
  let delay;
  const on = () => {
    clearTimeout(delay);
    delay = setTimeout(() => bar.classList.add('on'), 150);
  };
  const off = () => {
    clearTimeout(delay);
    bar.classList.remove('on');
    for (const button of root.querySelectorAll('.btn[aria-busy]')) button.removeAttribute('aria-busy');
    for (const form of root.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  };
  root.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.matches('[data-once]')) {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = '1';
    }
    event.submitter?.setAttribute('aria-busy', 'true');
    on();
  });
  root.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.target || link.hasAttribute('download') || link.getAttribute('href').startsWith('#')) return;
    if (link.origin === location.origin) on();
  });
  root.addEventListener('htmx:beforeRequest', on);
  root.addEventListener('htmx:afterRequest', off);
  // coming back with the browser's button shows the page as it was left
  addEventListener('pageshow', off);
}
