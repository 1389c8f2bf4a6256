// What the server finds wrong, as a list and as marks on the elements; a click leads to the element.
export function checkProblems(page, modeler, say) {
  const button = page.querySelector('[data-problems]');
  const list = page.querySelector('#modeler-problems');
  const canvas = modeler.get('canvas');
  const elements = modeler.get('elementRegistry');
  let marked = [];

  button.addEventListener('click', () => {
    list.hidden = !list.hidden;
    button.setAttribute('aria-expanded', String(!list.hidden));
  });

  function show(problems) {
    for (const [id, mark] of marked) if (elements.get(id)) canvas.removeMarker(id, mark);
    marked = [];
    list.replaceChildren();
    for (const problem of problems) list.append(line(problem));
    button.textContent = problems.length ? say('{count} problems', { count: problems.length }) : say('No problems');
    button.classList.toggle('has-errors', problems.some(({ severity }) => severity === 'error'));
  }

  function line({ element, severity, message }) {
    const item = page.createElement('li');
    item.className = `problem-${severity}`;
    item.textContent = message;
    const shape = elements.get(element);
    if (shape) {
      const mark = severity === 'error' ? 'has-error' : 'has-warning';
      canvas.addMarker(element, mark);
      marked.push([element, mark]);
      const go = page.createElement('button');
      go.type = 'button';
      go.className = 'btn btn-sm';
      go.textContent = say('Show it');
      go.addEventListener('click', () => {
        modeler.get('selection').select(shape);
        canvas.scrollToElement(shape);
      });
      item.append(' ', go);
    }
    return item;
  }

  return { list: show };
}
