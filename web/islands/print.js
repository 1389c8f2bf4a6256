// Buttons that print the page; folded parts are opened for paper.
export function printButtons(root) {
  for (const button of root.querySelectorAll('[data-print]')) button.addEventListener('click', () => print());
  addEventListener('beforeprint', () => {
    for (const fold of root.querySelectorAll('details.fold')) fold.open = true;
  });
}
