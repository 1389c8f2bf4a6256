// The line above a form that says where it is: on this phone, on its way, or in need of a hand.
import { button } from '../forms/buttons.js';

export function lineOf(form) {
  const line = document.createElement('div');
  line.className = 'kept-line';
  line.hidden = true;
  line.setAttribute('role', 'status');
  form.prepend(line);
  // acts: pairs of words and what pressing does, or an address that it leads to
  return (words, acts = []) => {
    line.hidden = !words;
    line.replaceChildren();
    if (!words) return;
    const said = document.createElement('span');
    said.textContent = words;
    line.append(said, ...acts.map(([text, act]) => (typeof act === 'string' ? link(text, act) : button(text, act))));
  };
}

function link(text, address) {
  return Object.assign(document.createElement('a'), { className: 'btn btn-sm', href: address, textContent: text });
}
