// Pages with a form. Every form works without this; here are its comforts, each in a file of its own.
import './form.css';
import { watchConditions } from './forms/conditions.js';
import { countCharacters, growTexts } from './forms/texts.js';
import { keepDrafts } from './forms/drafts.js';
import { forgetDone, forgetOld } from './forms/kept.js';
import { locate } from './forms/places.js';
import { searchLists } from './forms/lists.js';
import { editRows } from './forms/rows.js';
import { takeFiles } from './forms/uploads.js';

forgetDone(document);
forgetOld(Date.now());
for (const form of document.querySelectorAll('form[data-form]')) {
  const texts = JSON.parse(form.dataset.texts);
  const changed = () => form.dispatchEvent(new Event('change', { bubbles: true }));
  const rows = editRows(form, texts, changed);
  const files = takeFiles(form, texts, changed);
  watchConditions(form);
  locate(form, texts, changed);
  searchLists(form);
  countCharacters(form, texts);
  growTexts(form);
  keepDrafts(form, texts, { rows, files, changed });
  form.dataset.ready = '';
}
document.querySelector('[data-summary]')?.focus();
