// The drawing tool's own words in Chinese: those of bpmn-js-i18n-zh, and the ones it lacks.
import * as packaged from 'bpmn-js-i18n-zh';
import { missing } from './missing.js';

const words = Object.assign({}, ...Object.values(packaged).filter((one) => typeof one === 'object'), missing);

export function translating(language) {
  if (!language.startsWith('zh')) return {};
  const translate = (template, values = {}) =>
    (words[template] ?? template).replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
  return { translate: ['value', translate] };
}
