// The input of a formula: offers names while one types, says what the formula means in words, and asks (event "formula")
// what is wrong with it. Whoever holds the panel answers the event with detail.tell(sentence, kind); see judging.js.
// variables: [path, words, options]; options ([value, words]) where a variable has one of a few values.
const WORD = /[\w.\u4e00-\u9fff]+$/;
const VALUE = /([A-Za-z_][\w.]*)\s*(?:==|!=)\s*('?[^'\s]*)$/;
const READ = /'[^']*'|"[^"]*"|[A-Za-z_]\w*(?:\.\w+)*/g;
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
  const meaning = document.createElement('p');
  meaning.className = 'modeler-hint modeler-meaning';
  const explain = () => (meaning.textContent = kind === 'script' ? '' : inWords(input.value, variables));
  explain();
  const list = offers(input, variables);
  judged(input, verdict, kind);
  input.addEventListener('input', explain);
  // What was taken from the offers is no change to the browser, so leaving the field counts as well.
  let known = input.value;
  const leave = () => {
    if (input.value === known) return;
    known = input.value;
    change(known.trim());
  };
  input.addEventListener('change', leave);
  input.addEventListener('blur', leave);
  return { input, list, verdict, meaning };
}

// The formula with names that people know: issue_order.verdict == 'pass' is 「签发: 结论」 == 「通过」. Empty where nothing is put better.
export function inWords(text, variables) {
  const known = new Map(variables.map((one) => [one[0], one]));
  const quoted = (words) => `「${words}」`;
  let options = [];
  const said = text.replace(READ, (part) => {
    if (/^['"]/.test(part)) {
      const [, words] = options.find(([key]) => key === part.slice(1, -1)) ?? [];
      return words ? quoted(words) : part;
    }
    const [path, words, values] = known.get(part) ?? [];
    if (values) options = values;
    return words && words !== path ? quoted(words) : part;
  });
  return said === text ? '' : said;
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

  const typed = () => input.value.slice(0, input.selectionStart);
  const before = () => typed().match(WORD)?.[0] ?? '';

  // The values that what is compared can have, else the names that fit what is typed: [what is put in, words, what it replaces].
  function fitting(word) {
    const [, path, begun] = VALUE.exec(typed()) ?? [];
    const options = path && variables.find(([name]) => name === path)?.[2];
    if (options) return options.filter(([key]) => `'${key}`.startsWith(begun)).map(([key, words]) => [`'${key}'`, words, begun]);
    const low = word.toLowerCase();
    const found = variables.filter(([name, words]) => name.toLowerCase().includes(low) || words.toLowerCase().includes(low));
    return found.sort(([one], [other]) => Number(other.startsWith(word)) - Number(one.startsWith(word))).map(([name, words]) => [name, words, word]);
  }
  function show(word) {
    const found = fitting(word);
    list.replaceChildren(...found.slice(0, MOST).map(offer));
    list.scrollTop = 0;
    at = -1;
    open(list.children.length > 0 && !(found.length === 1 && found[0][0] === found[0][2]));
  }
  function offer([path, words, replaced], index) {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.id = `${list.id}-${index}`;
    Object.assign(item.dataset, { path, replaced });
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
  function take({ dataset: { path, replaced } }) {
    const end = input.selectionStart;
    input.setRangeText(path.replace(/\(.*$/, '('), end - replaced.length, end, 'end');
    input.dispatchEvent(new Event('input'));
    open(false);
  }
  function move(step) {
    list.children[at]?.setAttribute('aria-selected', 'false');
    at = (at + step + list.children.length) % list.children.length;
    list.children[at].setAttribute('aria-selected', 'true');
    list.children[at].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', list.children[at].id);
  }

  input.addEventListener('input', () => (before() || VALUE.test(typed()) ? show(before()) : open(false)));
  input.addEventListener('click', () => !input.value && show(''));
  input.addEventListener('blur', () => open(false));
  input.addEventListener('keydown', (event) => {
    const { key } = event;
    if (list.hidden && ((key === 'ArrowDown' && input.tagName === 'INPUT') || (key === ' ' && event.ctrlKey))) show(before());
    else if (list.hidden) return;
    else if (key === 'ArrowDown') move(1);
    else if (key === 'ArrowUp') move(at < 0 ? 0 : -1);
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
