// Answers the formulas of the panel while they are typed: the server reads them, the diagram says which names there are.
const ALWAYS = ['performers', 'started_by', 'loopCounter', 'nrOfInstances', 'nrOfActiveInstances', 'nrOfCompletedInstances', 'nrOfTerminatedInstances'];

export function judging(place, office, say, names) {
  place.addEventListener('formula', async ({ detail: { kind, text, tell } }) => {
    const answer = await office.formula(kind, text).catch(() => null);
    if (!answer) return;
    if (answer.problem) {
      tell(answer.problem, 'error');
      return;
    }
    const known = new Set([...ALWAYS, ...names()]);
    const strange = answer.names?.find((name) => !known.has(name));
    tell(strange ? say('There is no “{name}” in this process; only a caller could bring it.', { name: strange }) : '', 'warning');
  });
}
