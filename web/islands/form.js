// Pages with a form. Every form works without this; here are its comforts, each in a file of its own.
import './form.css';
import { watchConditions } from './forms/conditions.js';
import { countCharacters, growTexts } from './forms/texts.js';
import { handIn } from './forms/handing.js';
import { keepDrafts } from './forms/drafts.js';
import { forgetDone, forgetOld } from './forms/kept.js';
import { locate } from './forms/places.js';
import { searchLists } from './forms/lists.js';
import { editRows } from './forms/rows.js';
import { signOn } from './forms/signature.js';
import { takeFiles } from './forms/uploads.js';
import { isCarried } from './offline/register.js';

forgetDone(document);
forgetOld(Date.now());
for (const form of document.querySelectorAll('form[data-form]')) {
  const texts = JSON.parse(form.dataset.texts);
  const changed = () => form.dispatchEvent(new Event('change', { bubbles: true }));
  const rows = editRows(form, texts, changed);
  const keeping = keepingOf(form);
  const files = takeFiles(form, texts, changed, keeping);
  signOn(form, files);
  watchConditions(form);
  locate(form, texts, changed);
  searchLists(form);
  countCharacters(form, texts);
  growTexts(form);
  // Before the drafts: what is handed in here is not sent the ordinary way.
  // Fetched only where there is rich text to edit.
  if (form.querySelector('textarea[data-rich]')) (await import('./forms/editor.js')).editTexts(form);
  const parts = { rows, files, changed };
  const begin = keeping ? handIn(form, texts, parts, keeping) : () => {};
  parts.drafts = keepDrafts(form, texts, parts);
  await begin();
  form.dataset.ready = '';
}
document.querySelector('[data-summary]')?.focus();

// Whose form it is and by which name the phone keeps it. Null on a desk, and where a browser can't keep anything.
function keepingOf(form) {
  const { owner, draftUrl, offline } = form.dataset;
  if (offline === undefined || !draftUrl || !isCarried() || !isSecureContext || !('indexedDB' in window)) return null;
  return { owner, form: `${owner}:${draftUrl}` };
}
