// Adds and removes rows of tables in the page. Without script the same buttons send the form to be drawn anew.
export function editRows(form, texts, changed) {
  form.addEventListener('click', (event) => {
    const add = event.target.closest('[data-add-row]');
    const remove = event.target.closest('[data-remove-row]');
    if (!add && !remove) return;
    event.preventDefault();
    if (add) {
      const row = addRow(tableOf(add));
      row.querySelector('input:not([type=hidden]), select, textarea')?.focus();
    } else {
      removeRow(remove.closest('[data-row]'));
    }
    changed();
  });

  function tableOf(element) {
    return element.closest('fieldset').querySelector('[data-rows]');
  }

  function addRow(table, place = nextPlace(table)) {
    const blank = table.closest('fieldset').querySelector('[data-blank-row]');
    const holder = document.createElement('template');
    holder.innerHTML = blank.innerHTML.replaceAll('__row__', place);
    const row = holder.content.querySelector('[data-row]');
    row.dataset.place = place;
    table.append(row);
    number(table);
    return row;
  }

  function removeRow(row) {
    const table = row.parentElement;
    const after = row.nextElementSibling;
    const undo = document.createElement('button');
    undo.type = 'button';
    undo.className = 'btn btn-sm';
    undo.textContent = texts.undo;
    const note = document.createElement('div');
    note.className = 'ask-undo';
    note.setAttribute('role', 'status');
    note.append(`${texts.removed} `, undo);
    row.replaceWith(note);
    number(table);
    undo.focus();
    const forget = setTimeout(() => note.remove(), 15000);
    undo.addEventListener('click', () => {
      clearTimeout(forget);
      table.insertBefore(row, after?.parentElement === table ? after : note);
      note.remove();
      number(table);
      row.querySelector('[data-remove-row]').focus();
      changed();
    });
  }

  // Names need not be without gaps: the server takes the rows in the order of their numbers.
  function nextPlace(table) {
    const places = [...form.querySelectorAll(`[name^="${CSS.escape(table.dataset.rows)}-"]`)]
      .map((control) => Number(control.name.slice(table.dataset.rows.length + 1).split('-')[0]))
      .filter(Number.isInteger);
    table.dataset.next = Math.max(Number(table.dataset.next ?? 0), ...places.map((place) => place + 1));
    const place = Number(table.dataset.next);
    table.dataset.next = place + 1;
    return place;
  }

  function number(table) {
    const label = table.closest('fieldset').querySelector('legend').textContent.trim();
    table.querySelectorAll('[data-row]').forEach((row, index) => {
      row.querySelector('[data-row-number]').textContent = texts.row.replace('{number}', index + 1);
      row.setAttribute('aria-label', `${label} ${index + 1}`);
    });
  }

  // For what was kept on the device: exactly these rows, by table name and place.
  function setRows(name, places) {
    const table = form.querySelector(`[data-rows="${CSS.escape(name)}"]`);
    if (!table?.closest('fieldset').querySelector('[data-blank-row]')) return; // it takes no other rows
    const there = new Set([...form.querySelectorAll(`[name^="${CSS.escape(name)}-"]`)].map((one) => one.name.split('-')[1]));
    if (places.every((place) => there.has(place)) && there.size === places.length) return;
    table.replaceChildren();
    for (const place of places) addRow(table, place);
  }

  return { setRows };
}
