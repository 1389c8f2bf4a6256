// A small button made by the script, as the server's pages draw them.
export function button(text, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'btn btn-sm';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}
