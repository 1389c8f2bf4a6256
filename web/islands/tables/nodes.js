// Elements of the page; whatever is said in them is text only.
export function node(tag, attributes = {}, ...parts) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) found.setAttribute(name, value);
  found.append(...parts);
  return found;
}

export function press(words, act, more = {}) {
  const found = node('button', { type: 'button', class: 'btn btn-sm', ...more }, words);
  found.addEventListener('click', act);
  return found;
}
