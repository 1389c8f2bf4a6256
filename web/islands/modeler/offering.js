// Takes out of the drawing tool's menus what the engine refuses (docs/bpmn.md), so that nobody draws it first.
const REFUSED = /transaction|ad-?hoc|compensation|cancel|conditional|condition-intermediate|complex|loop$|multiple|instantiate|collection|is-collection|participant-multiplicity/i;
const KEPT = /conditional-flow/;

class Offering {
  static $inject = ['popupMenu', 'contextPad'];

  constructor(popupMenu, contextPad) {
    popupMenu.registerProvider('bpmn-replace', 500, this);
    contextPad.registerProvider(500, this);
    this.getContextPadEntries = () => (entries) => without(entries);
    this.getPopupMenuEntries = () => (entries) => without(entries);
    this.getPopupMenuHeaderEntries = () => (entries) => without(entries);
  }
}

const without = (entries) =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => KEPT.test(name) || !REFUSED.test(name)));

export const offering = { __init__: ['offering'], offering: ['type', Offering] };
