// Shows a question only while the answers it depends on are given. The server decides again when the form is sent.
export function watchConditions(form) {
  const apply = () => {
    for (const hint of form.querySelectorAll('[data-no-script]')) hint.hidden = true;
    // In the order of the page: what a hidden question holds counts for nothing further down.
    for (const question of form.querySelectorAll('[data-visible-if]')) {
      const shown = JSON.parse(question.dataset.visibleIf).every((rule) => holds(form, rule));
      question.hidden = !shown;
      question.closest('.ask-cell')?.toggleAttribute('hidden', !shown);
    }
  };
  form.addEventListener('change', apply);
  apply();
}

function holds(form, rule) {
  const given = answersOf(form, rule.field);
  if (!given.length) return false;
  return rule.in ? given.some((value) => rule.in.includes(value)) : !given.some((value) => rule.not_in.includes(value));
}

function answersOf(form, name) {
  const controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter(
    (control) => !control.closest('[data-question][hidden]'),
  );
  if (controls.length === 1 && controls[0].type === 'checkbox' && controls[0].value === 'true') {
    return [String(controls[0].checked)];
  }
  return controls
    .filter((control) => (control.type === 'checkbox' || control.type === 'radio' ? control.checked : control.value))
    .map((control) => control.value);
}
