// Adds and removes rows of tables in the page, also of a table that stands in a row of another. Without script the same
// buttons send the form to be drawn anew.
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

  // What lies beside a table belongs to it; further inside are the tables of its rows.
  const beside = (element, part) => element.closest('fieldset').querySelector(`:scope > ${part}`);
  const tableOf = (button) => beside(button, '[data-rows]');
  const rowsOf = (table) => table.querySelectorAll(':scope > [data-row]');

  function addRow(table, place = nextPlace(table)) {
    const blank = beside(table, '[data-blank-row]');
    const holder = document.createElement('template');
    holder.innerHTML = blank.innerHTML.replaceAll(blank.dataset.blankRow, place);
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
    const places = [...placesIn(table)].map(Number).filter(Number.isInteger);
    table.dataset.next = Math.max(Number(table.dataset.next ?? 0), ...places.map((place) => place + 1));
    const place = Number(table.dataset.next);
    table.dataset.next = place + 1;
    return place;
  }

  function number(table) {
    const label = beside(table, 'legend').textContent.trim();
    rowsOf(table).forEach((row, index) => {
      row.querySelector('[data-row-number]').textContent = texts.row.replace('{number}', index + 1);
      row.setAttribute('aria-label', `${label} ${index + 1}`);
    });
  }

  function placesIn(table) {
    const start = `${table.dataset.rows}-`;
    const controls = [...table.querySelectorAll(`[name^="${CSS.escape(start)}"]`)];
    return new Set(controls.map((control) => control.name.slice(start.length).split('-')[0]));
  }

  // For what was kept on the device: exactly the rows that these names of inputs need, the outer ones first.
  function setRows(names, tables = form.querySelectorAll('[data-rows]')) {
    for (const table of tables) {
      if (!form.contains(table) || !beside(table, '[data-blank-row]')) continue; // it takes no other rows
      const start = `${table.dataset.rows}-`;
      const places = new Set(names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length).split('-')[0]));
      const there = placesIn(table);
      if (there.size === places.size && [...places].every((place) => there.has(place))) continue;
      table.replaceChildren();
      for (const place of places) setRows(names, addRow(table, place).querySelectorAll('[data-rows]'));
    }
  }

  return { setRows };
}
