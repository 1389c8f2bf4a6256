// A search field for long lists: of a select, or of a box of choices to tick.
export function searchLists(form) {
  const prepare = () => {
    for (const search of form.querySelectorAll('[data-search][hidden]')) {
      search.hidden = false;
      const list = form.querySelector(`#${CSS.escape(search.dataset.search)}`);
      const narrow = list.tagName === 'SELECT' ? narrowSelect(list) : narrowBox(list);
      search.addEventListener('input', () => narrow(search.value.trim().toLowerCase()));
      // Enter must not send the form, and looking for something is no answer.
      search.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
      search.addEventListener('change', (event) => event.stopPropagation());
    }
  };
  form.addEventListener('change', prepare);
  prepare();
}

// Options that don't fit are taken out: not every browser hides options.
function narrowSelect(select) {
  const all = [...select.options];
  return (wanted) => {
    const chosen = select.value;
    const fitting = all.filter((one) => !one.value || one.value === chosen || one.text.toLowerCase().includes(wanted));
    select.replaceChildren(...fitting);
    select.value = chosen;
  };
}

function narrowBox(box) {
  return (wanted) => {
    for (const choice of box.querySelectorAll('.ask-choice')) {
      choice.hidden = !choice.querySelector('input').checked && !choice.textContent.toLowerCase().includes(wanted);
    }
  };
}
