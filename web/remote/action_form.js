/** A card with fields and buttons; every panel of this page is made of these. */

import { element } from '../shared/dom.js';
import { Field } from './fields.js';
import { Outcome } from './outcome.js';

/**
 * @typedef {import('./fields.js').FieldSpec} FieldSpec
 *
 * @typedef {object} Action
 * @property {string} label
 * @property {'brand' | 'success' | 'danger'} [tone]
 * @property {string} [id]
 * @property {(field: (id: string) => Field) => Promise<string | undefined>} run
 *   returns what to say when it is done
 *
 * @typedef {object} FormSpec
 * @property {string} id
 * @property {string} title
 * @property {string} [help]
 * @property {FieldSpec[]} [fields]
 * @property {Action[]} [actions] Enter presses the first one
 */

/** A form that says what became of each press. */
export class ActionForm {
  /** @param {FormSpec} spec */
  constructor({ id, title, help, fields = [], actions = [] }) {
    this.fields = fields.map((spec) => new Field(spec));
    this.outcome = new Outcome(id);
    this.body = element('div', { class: 'form-fields' }, ...fieldElements(this.fields));
    this.buttons = actions.map((action, index) => this.#button(action, index === 0));
    const form = element(
      'form',
      { class: 'stack', novalidate: true, 'aria-labelledby': `${id}-title` },
      ...(help ? [element('p', { class: 'hint' }, help)] : []),
      this.body,
      ...(actions.length > 0 ? [element('div', { class: 'button-row' }, ...this.buttons)] : []),
      this.outcome.element,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const [first] = actions;
      if (first) {
        this.press(first, this.buttons[0]);
      }
    });
    this.form = form;
    this.id = id;
    this.title = title;
  }

  /** @returns {HTMLElement} the form as a card of its own */
  get card() {
    return card(this.id, this.title, this.form);
  }

  /** @returns {HTMLElement} the form inside a card */
  get part() {
    const heading = element('h3', { id: `${this.id}-title` }, this.title);
    return element('div', { class: 'card-part', id: `${this.id}-card` }, heading, this.form);
  }

  /**
   * @param {string} id
   * @returns {Field}
   */
  field(id) {
    const found = this.fields.find((field) => field.spec.id === id);
    if (!found) {
      throw new Error(`The form has no field "${id}"`);
    }
    return found;
  }

  /**
   * @param {Action} action
   * @param {HTMLElement} [button]
   */
  press(action, button) {
    return this.outcome.run(() => action.run((id) => this.field(id)), {
      button,
      fields: this.fields,
    });
  }

  /**
   * @param {Action} action
   * @param {boolean} isFirst
   */
  #button(action, isFirst) {
    const button = element(
      'button',
      {
        type: isFirst ? 'submit' : 'button',
        id: action.id,
        class: action.tone ? `button button-${action.tone}` : 'button',
      },
      action.label,
    );
    if (!isFirst) {
      button.addEventListener('click', () => void this.press(action, button));
    }
    return button;
  }
}

/**
 * @param {Field[]} fields
 * @returns {HTMLElement[]} what is rarely wanted stands in a part that opens
 */
function fieldElements(fields) {
  const plain = fields.filter(({ spec }) => !spec.isMore).map((field) => field.element);
  const more = fields.filter(({ spec }) => spec.isMore);
  if (more.length === 0) {
    return plain;
  }
  const summary = element('summary', {}, 'More Options');
  const inside = element('div', { class: 'form-fields' }, ...more.map((field) => field.element));
  // What was typed before a reload still counts, so that it is shown.
  const open = more.some((field) => field.text !== '');
  return [...plain, element('details', { class: 'more', open }, summary, inside)];
}

/**
 * @param {string} id
 * @param {string} title
 * @param {...Node} content
 */
export function card(id, title, ...content) {
  return element(
    'section',
    { class: 'card', 'aria-labelledby': `${id}-title`, id: `${id}-card` },
    element('header', { class: 'card-header' }, element('h2', { id: `${id}-title` }, title)),
    element('div', { class: 'card-body' }, ...content),
  );
}
