// The keys of the drawing, in a window of its own. They work while the drawing has the focus.
const ROWS = [
  ['Ctrl+Z', 'One step back'],
  ['Ctrl+Y', 'One step on again'],
  ['Ctrl+F', 'Find an element by its name'],
  ['Ctrl+A', 'Select everything'],
  ['Ctrl+C', 'Copy'],
  ['Ctrl+X', 'Cut'],
  ['Ctrl+V', 'Insert what was copied'],
  ['Ctrl+D', 'Copy and insert at once'],
  ['Del', 'Delete what is selected'],
  ['← ↑ → ↓', 'Move what is selected; ten times as far with Shift'],
  ['Ctrl+← ↑ → ↓', 'Move the view'],
  ['Ctrl++  Ctrl+−', 'Larger, smaller'],
  ['Ctrl+0', 'Original size'],
  ['E', 'Write the name on the drawing'],
  ['R', 'Make it something else'],
  ['C', 'Connect two elements'],
  ['L', 'Select with a frame'],
  ['S', 'Make room or take it away'],
  ['H', 'Move the view with the mouse'],
  ['T', 'Begin or end the simulation'],
  ['Esc', 'Leave a menu or a tool'],
];

export function showKeys(dialog, say) {
  const table = document.createElement('table');
  const body = table.createTBody();
  for (const [keys, words] of ROWS) {
    const row = body.insertRow();
    const key = document.createElement('kbd');
    key.textContent = keys;
    row.insertCell().append(key);
    row.insertCell().textContent = say(words);
  }
  dialog.querySelector('[data-rows]').replaceChildren(table);
  dialog.showModal();
}
