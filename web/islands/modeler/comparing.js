// Conditions that can be chosen: comparisons of a field, joined by "and" or by "or"; read from a formula and written as one.

// A comparison is {path, sign, value}. Signs: == != > >= < <= in, and "given", "missing" for whether there is a value.
const SIMPLE = /^(\w+(?:\.\w+)*)\s*(==|!=|>=|<=|>|<)\s*(?:'([^']*)'|"([^"]*)"|(true|false|-?\d+(?:\.\d+)?))$/;
const DATED = /^(\w+(?:\.\w+)*)\s*(==|!=|>=|<=|>|<)\s*(today\(\)|\w+(?:\.\w+)+)$/;
const LISTED = /^(\w+(?:\.\w+)*)\s+in\s+\[((?:\s*(?:'[^']*'|"[^"]*")\s*,?)*)\]$/;
const EMPTY = /^(\w+(?:\.\w+)*)\s+is\s+(not\s+)?null$/;
const BARE = /^(not\s+)?([A-Za-z_]\w*(?:\.\w+)*)$/;
const HAS = /^'([^']*)'\s+in\s+(\w+(?:\.\w+)+)$/;

// {joined: 'and' or 'or', parts: [comparison]}; null for a formula that is not of this kind.
// ``kinds``: path -> type of the field, for what may be compared with today or with another date.
export function read(text, kinds) {
  const bare = text.replace(/^=/, '').trim();
  for (const joined of ['and', 'or']) {
    const pieces = split(bare, joined);
    if (pieces.length < 2 && joined === 'and') continue;
    const parts = pieces.map((piece) => one(unwrapped(piece), kinds));
    return parts.every(Boolean) ? { joined: pieces.length > 1 ? joined : 'and', parts } : null;
  }
  return null;
}

function one(text, kinds) {
  const [, path, sign, single, double, plain] = SIMPLE.exec(text) ?? [];
  if (path) return { path, sign, value: single ?? double ?? plain };
  const [, listed, values] = LISTED.exec(text) ?? [];
  if (listed) return { path: listed, sign: 'in', value: [...values.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, a, b]) => a ?? b) };
  const [, has, many] = HAS.exec(text) ?? [];
  if (many) return { path: many, sign: 'has', value: has };
  const [, missing, not] = EMPTY.exec(text) ?? [];
  if (missing) return { path: missing, sign: not ? 'given' : 'missing', value: '' };
  const [, no, yes] = BARE.exec(text) ?? [];
  if (yes && ['bool', 'free'].includes(kinds.get(yes))) return { path: yes, sign: '==', value: no ? 'false' : 'true' };
  const [, date, how, other] = DATED.exec(text) ?? [];
  return date && ['date', 'datetime'].includes(kinds.get(date)) ? { path: date, sign: how, value: other } : null;
}

export function written({ joined, parts }, kinds) {
  return parts.map((part) => writtenOne(part, kinds.get(part.path))).join(` ${joined} `);
}

function writtenOne({ path, sign, value }, type) {
  if (sign === 'given') return `${path} is not null`;
  if (sign === 'missing') return `${path} is null`;
  if (sign === 'in') return `${path} in [${value.map(quoted).join(', ')}]`;
  if (sign === 'has') return `${quoted(value)} in ${path}`;
  const plain = type === 'free' ? PLAIN.test(value) : DATES.includes(type) ? !/^\d{4}-/.test(value) : !QUOTED.includes(type);
  return `${path} ${sign} ${plain ? value : quoted(value)}`;
}

const DATES = ['date', 'datetime'];
const QUOTED = ['enum', 'text', 'longtext', 'org', 'user', 'ref'];
const PLAIN = /^(true|false|-?\d+(\.\d+)?)$/; // of what a service answers, as it is written
const quoted = (text) => `'${String(text).replaceAll("'", '')}'`;
const unwrapped = (text) => (/^\([^()]*\)$/.test(text) ? text.slice(1, -1).trim() : text);

// At the top only: not within brackets or texts.
function split(text, word) {
  const pieces = [''];
  let [depth, quote] = [0, ''];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quote) quote = sign === quote ? '' : quote;
    else if (sign === "'" || sign === '"') quote = sign;
    else if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    if (!quote && depth === 0 && /\s/.test(sign) && new RegExp(`^\\s+${word}\\s`).test(text.slice(at))) {
      pieces.push('');
      at += text.slice(at).match(new RegExp(`^\\s+${word}(?=\\s)`))[0].length - 1;
    } else pieces[pieces.length - 1] += sign;
  }
  return pieces.map((piece) => piece.trim());
}
