// The input of a formula: offers names while one types, and asks (event "formula") what is wrong with it.
// Whoever holds the panel answers the event with detail.tell(sentence, kind); see judging.js.
const WORD = /[\w.\u4e00-\u9fff]+$/;
const MOST = 10; // offers at once
const PAUSE = 250; // milliseconds without a key until it is judged
let serial = 0;

export function formulaOf(value, change, variables, kind) {
  const input = kind === 'script' ? document.createElement('textarea') : document.createElement('input');
  input.className = 'form-control modeler-formula';
  input.spellcheck = false;
  input.autocomplete = 'off';
  if (kind === 'script') input.rows = 6;
  input.value = kind === 'script' ? value : value.replace(/^=/, '').trim();
  const verdict = document.createElement('div');
  verdict.className = 'modeler-verdict';
  verdict.setAttribute('role', 'status');
  const list = offers(input, variables);
  judged(input, verdict, kind);
  input.addEventListener('change', () => change(input.value.trim()));
  return { input, list, verdict };
}

function offers(input, variables) {
  const list = document.createElement('ul');
  list.className = 'modeler-offers';
  list.setAttribute('role', 'listbox');
  list.id = `modeler-offers-${(serial += 1)}`;
  list.hidden = true;
  const said = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id };
  for (const [name, text] of Object.entries(said)) input.setAttribute(name, text);
  let at = -1;

  const before = () => input.value.slice(0, input.selectionStart).match(WORD)?.[0] ?? '';
  function show(word) {
    const low = word.toLowerCase();
    const found = variables.filter(([path, words]) => path.toLowerCase().includes(low) || words.toLowerCase().includes(low));
    found.sort(([one], [other]) => Number(other.startsWith(word)) - Number(one.startsWith(word)));
    list.replaceChildren(...found.slice(0, MOST).map(offer));
    at = -1;
    open(list.children.length > 0 && !(found.length === 1 && found[0][0] === word));
  }
  function offer([path, words], index) {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.id = `${list.id}-${index}`;
    item.dataset.path = path;
    const code = document.createElement('code');
    code.textContent = path;
    item.append(code, words === path ? '' : ` ${words}`);
    item.addEventListener('mousedown', (event) => {
      event.preventDefault();
      take(item);
    });
    return item;
  }
  function open(wanted) {
    list.hidden = !wanted;
    input.setAttribute('aria-expanded', String(wanted));
    input.removeAttribute('aria-activedescendant');
    if (wanted) list.scrollIntoView({ block: 'nearest' });
  }
  function take(item) {
    const [end, word] = [input.selectionStart, before()];
    const text = item.dataset.path.replace(/\(.*$/, '(');
    input.setRangeText(text, end - word.length, end, 'end');
    open(false);
    input.dispatchEvent(new Event('input'));
    open(false);
  }
  function move(step) {
    list.children[at]?.removeAttribute('aria-selected');
    at = (at + step + list.children.length) % list.children.length;
    list.children[at].setAttribute('aria-selected', 'true');
    list.children[at].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', list.children[at].id);
  }

  input.addEventListener('input', () => (before() ? show(before()) : open(false)));
  input.addEventListener('blur', () => open(false));
  input.addEventListener('keydown', (event) => {
    const { key } = event;
    if (list.hidden && ((key === 'ArrowDown' && input.tagName === 'INPUT') || (key === ' ' && event.ctrlKey))) show(before());
    else if (list.hidden) return;
    else if (key === 'ArrowDown') move(1);
    else if (key === 'ArrowUp') move(-1);
    else if ((key === 'Enter' || key === 'Tab') && at >= 0) take(list.children[at]);
    else if (key === 'Escape') open(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return list;
}

function judged(input, verdict, kind) {
  let waiting = 0;
  const tell = (sentence, severity = 'error') => {
    verdict.textContent = sentence;
    verdict.dataset.severity = sentence ? severity : '';
    input.setAttribute('aria-invalid', String(Boolean(sentence) && severity === 'error'));
  };
  const ask = () => {
    const text = input.value.trim();
    const detail = { kind, text, tell: (...told) => input.value.trim() === text && tell(...told) };
    if (text) input.dispatchEvent(new CustomEvent('formula', { bubbles: true, detail }));
    else tell('');
  };
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
}
