// Values as people type them: in a column of texts without quotation marks (= begins a formula), else as formulas.
export function shown(formula, type) {
  if (type !== 'string' || !formula) return formula ?? '';
  try {
    const value = JSON.parse(formula);
    if (typeof value === 'string' && !value.startsWith('=')) return value;
  } catch {
    // no bare text, so it is shown as what it is
  }
  return formula === 'null' ? '=null' : `=${formula}`;
}

export function typed(text, type) {
  const bare = text.trim();
  if (!bare) return '';
  if (bare.startsWith('=')) return bare.slice(1).trim();
  return type === 'string' ? JSON.stringify(bare) : bare;
}
