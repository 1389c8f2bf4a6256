// Rich text: what the text area holds, as one sees it. The text area stays the field that is sent, so drafts, checks and
// a browser without JavaScript know nothing of this. Nothing is written into it until somebody types.
import { Editor } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { Subscript } from '@tiptap/extension-subscript';
import { Superscript } from '@tiptap/extension-superscript';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';

// Without the widths that it would write as style: the policy of the page forbids inline style, and papers have their own.
const PlainTable = Table.extend({ renderHTML: () => ['table', ['tbody', 0]] });
const TAG = /<\/?(p|br|hr|ul|ol|li|blockquote|h3|h4|table|strong|b|em|i|u|s|sub|sup|a)[\s/>]/i;

// name, icon, what it does, when it is pressed
const TOOLS = [
  ['level1', '一、', (chain) => chain.toggleHeading({ level: 3 }), (editor) => editor.isActive('heading', { level: 3 })],
  ['level2', '（一）', (chain) => chain.toggleHeading({ level: 4 }), (editor) => editor.isActive('heading', { level: 4 })],
  ['bold', 'B', (chain) => chain.toggleBold(), (editor) => editor.isActive('bold')],
  ['list', '1.', (chain) => chain.toggleOrderedList(), (editor) => editor.isActive('orderedList')],
  ['table', '▦', (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), null, outside],
  ['addRow', '＋行', (chain) => chain.addRowAfter(), null, inside],
  ['addColumn', '＋列', (chain) => chain.addColumnAfter(), null, inside],
  ['deleteRow', '－行', (chain) => chain.deleteRow(), null, inside],
  ['deleteColumn', '－列', (chain) => chain.deleteColumn(), null, inside],
  ['deleteTable', '✕', (chain) => chain.deleteTable(), null, inside],
  ['undo', '↶', (chain) => chain.undo()],
  ['redo', '↷', (chain) => chain.redo()],
];

export function editTexts(form) {
  for (const area of form.querySelectorAll('textarea[data-rich]')) edit(form, area);
}

function edit(form, area) {
  const words = JSON.parse(area.dataset.rich);
  const box = document.createElement('div');
  box.className = 'rich';
  const bar = document.createElement('div');
  bar.className = 'rich-bar';
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', words.tools);
  const place = document.createElement('div');
  box.append(bar, place);
  area.after(box);
  area.hidden = true;

  let written = area.value;
  let buttons = []; // made after the editor, which tells of its first state while it is made
  const mark = () => {
    for (const [button, pressed, usable] of buttons) {
      if (pressed) button.setAttribute('aria-pressed', pressed(editor));
      if (usable) button.hidden = !usable(editor);
    }
  };
  const editor = new Editor({
    element: place,
    injectCSS: false,
    content: html(area.value),
    extensions: [
      StarterKit.configure({
        // Below the title of the page, whatever the level in the paper; the server takes this off again.
        heading: { levels: [3, 4], HTMLAttributes: { 'aria-level': '2' } },
        code: false,
        codeBlock: false,
        link: { openOnClick: false },
      }),
      Subscript,
      Superscript,
      PlainTable.configure({ resizable: false }),
      TableRow,
      TableHeader,
      TableCell,
    ],
    editorProps: { attributes: described(area) },
    onUpdate: () => {
      written = area.value = editor.isEmpty ? '' : editor.getHTML();
      area.dispatchEvent(new Event('input', { bubbles: true }));
    },
    onTransaction: mark,
  });
  buttons = TOOLS.map(([name, sign, run, pressed, usable]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `rich-tool rich-${name}`;
    button.textContent = sign;
    button.title = words[name];
    button.setAttribute('aria-label', words[name]);
    // The text keeps the focus, so that what is typed right after a press is not lost.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', () => run(editor.chain().focus()).run());
    bar.append(button);
    return [button, pressed, usable];
  });
  mark();
  // A draft that is filled in again, or rows that are put back, change the text area from outside.
  form.addEventListener('change', () => {
    if (area.value === written) return;
    written = area.value;
    editor.commands.setContent(html(written), { emitUpdate: false });
  });
  // A click on the label, and a link from the summary of mistakes, lead to what is shown.
  for (const label of area.labels ?? []) label.addEventListener('click', () => editor.commands.focus());
  area.addEventListener('focus', () => editor.commands.focus());
}

function described(area) {
  const attributes = { class: 'rich-text form-control', role: 'textbox', 'aria-multiline': 'true', lang: 'zh-CN' };
  const label = area.labels?.[0];
  if (label) attributes['aria-label'] = label.textContent.trim();
  for (const name of ['aria-describedby', 'aria-invalid', 'aria-required']) {
    if (area.hasAttribute(name)) attributes[name] = area.getAttribute(name);
  }
  return attributes;
}

// Plain text, in which an empty line begins a paragraph, as the server understands it.
function html(text) {
  if (TAG.test(text)) return text;
  const escape = (part) => part.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return text.split(/\n[ \t]*\n/).map((part) => `<p>${escape(part.trim()).replace(/\n/g, '<br>')}</p>`).join('');
}

function inside(editor) {
  return editor.isActive('table');
}

function outside(editor) {
  return !editor.isActive('table');
}
