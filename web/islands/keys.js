// Keys on a list: j and k go down and up, Enter opens (the link has the focus), / goes to the search field.
export function listKeys(root) {
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    const search = root.querySelector('[data-search]');
    if (event.key === '/' && search) {
      event.preventDefault();
      search.focus();
      search.select();
      return;
    }
    if (event.key !== 'j' && event.key !== 'k') return;
    const links = [...root.querySelectorAll('[data-list] .work-title')];
    if (links.length === 0) return;
    const here = links.indexOf(root.activeElement);
    const next = event.key === 'j' ? Math.min(here + 1, links.length - 1) : Math.max(here - 1, 0);
    links[next].focus();
    links[next].scrollIntoView({ block: 'nearest' });
  });
}
