// The drawing tool's table editor alone: without the diagram of several decisions, and without its own language.
// Cells hold formulas as docs/expressions.md describes them, so the tool must not judge them as FEEL.
import EditingManager from 'dmn-js-shared/lib/base/EditingManager';
import Editor from 'dmn-js-decision-table/lib/Editor';
import expressionLanguage from 'dmn-js-decision-table/lib/features/expression-language';
import viewDrd from 'dmn-js-decision-table/lib/features/view-drd';
import { is } from 'dmn-js-shared/lib/util/ModelUtil';
import words from './words.json';

class TableEditor extends Editor {
  getModules() {
    return super.getModules().filter((module) => module !== viewDrd && module !== expressionLanguage);
  }
}

class Tables extends EditingManager {
  _getViewProviders() {
    return [
      {
        id: 'decisionTable',
        constructor: TableEditor,
        opens: (element) => is(element, 'dmn:Decision') && is(element.decisionLogic, 'dmn:DecisionTable'),
      },
    ];
  }
}

// What the language of formulas knows; it has no time of day of its own.
const TYPES = ['string', 'boolean', 'number', 'date', 'dateTime', 'dayTimeDuration', 'yearMonthDuration', 'Any'];

export function tableEditor(container, language) {
  const additionalModules = language.startsWith('zh') ? [{ translate: ['value', translate] }] : [];
  return new Tables({
    container,
    common: {
      dataTypes: TYPES,
      expressionLanguages: { options: [{ value: 'formula', label: '' }], defaults: { editor: 'formula' } },
    },
    decisionTable: { additionalModules },
  });
}

const translate = (template, values = {}) =>
  (words[template] ?? template).replace(/{\s*([^}]+?)\s*}/g, (whole, name) => values[name] ?? whole);
