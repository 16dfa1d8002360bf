/** Labelled controls with a help text and a place for what is wrong. */

import { element, setText } from '../shared/dom.js';
import { isCheck, keepValue } from './kept_values.js';

/** @typedef {import('./kept_values.js').Control} Control */

/**
 * @typedef {object} FieldSpec
 * @property {string} id also the name under which the value is kept
 * @property {string} label
 * @property {'text' | 'tel' | 'number' | 'url' | 'select' | 'area' | 'json' | 'check'} [kind]
 * @property {string} [help]
 * @property {string | string[]} [name] the request's field or fields, for errors of the server
 * @property {string | boolean} [value] the first value
 * @property {[value: string, label: string][]} [options] of a select
 * @property {Record<string, unknown>} [more] attributes of the control
 * @property {boolean} [isMore] whether it stands under "More Options"
 * @property {boolean} [isKept] whether the value survives a reload; yes when not said
 */

/** What was typed cannot be used; nothing was sent. */
export class FieldError extends Error {
  /**
   * @param {Field} field
   * @param {string} message
   */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** One control with its label. */
export class Field {
  /** @param {FieldSpec} spec */
  constructor(spec) {
    this.spec = spec;
    this.control = makeControl(spec);
    this.problem = element('p', { id: `${spec.id}-problem`, class: 'field-error' });
    this.element = this.#wrap();
    if (spec.isKept !== false) {
      keepValue(this.control, spec.id);
    }
    this.control.addEventListener('input', () => this.inspect());
    this.inspect();
  }

  /** @returns {string} what was typed, without spaces around */
  get text() {
    return this.control.value.trim();
  }

  /** @returns {string | undefined} undefined when nothing was typed */
  get optional() {
    return this.text === '' ? undefined : this.text;
  }

  /** @returns {boolean} */
  get isChecked() {
    return isCheck(this.control) && this.control.checked;
  }

  /**
   * @returns {string}
   * @throws {FieldError}
   */
  get required() {
    if (this.text === '') {
      throw new FieldError(this, `${this.spec.label} is missing.`);
    }
    return this.text;
  }

  /**
   * @returns {number | undefined}
   * @throws {FieldError}
   */
  get number() {
    const control = /** @type {HTMLInputElement} */ (this.control);
    if (control.validity.badInput || (this.text !== '' && Number.isNaN(Number(this.text)))) {
      throw new FieldError(this, `${this.spec.label} must be a number.`);
    }
    return this.text === '' ? undefined : Number(this.text);
  }

  /**
   * @returns {any} undefined when nothing was typed
   * @throws {FieldError}
   */
  get json() {
    const problem = jsonProblem(this.text);
    if (problem) {
      throw new FieldError(this, `${this.spec.label}: ${problem}`);
    }
    return this.text === '' ? undefined : JSON.parse(this.text);
  }

  /** @param {string} text what is wrong; empty when nothing is */
  blame(text) {
    setText(this.problem, text);
    if (text) {
      this.control.setAttribute('aria-invalid', 'true');
    } else {
      this.control.removeAttribute('aria-invalid');
    }
  }

  /** Says what is wrong with what is typed now: JSON is checked while it is typed. */
  inspect() {
    this.blame(this.spec.kind === 'json' ? jsonProblem(this.text) : '');
  }

  #wrap() {
    const { id, label, help, kind } = this.spec;
    const hint = help ? [element('p', { id: `${id}-help`, class: 'hint' }, help)] : [];
    const described = [help ? `${id}-help` : '', `${id}-problem`].filter(Boolean).join(' ');
    this.control.setAttribute('aria-describedby', described);
    if (kind === 'check') {
      const line = element('label', { class: 'check', for: id }, this.control, label);
      return element('div', { class: 'field' }, line, ...hint, this.problem);
    }
    const name = element('label', { for: id }, label);
    return element('div', { class: 'field' }, name, this.control, ...hint, this.problem);
  }
}

/**
 * @param {FieldSpec} spec
 * @returns {Control}
 */
function makeControl({ id, kind = 'text', value, options = [], more = {} }) {
  if (kind === 'select') {
    const choices = options.map(([code, label]) => element('option', { value: code }, label));
    const select = element('select', { id, ...more }, ...choices);
    if (typeof value === 'string') {
      select.value = value;
    }
    return select;
  }
  if (kind === 'area' || kind === 'json') {
    const code = kind === 'json' ? { class: 'code', spellcheck: 'false' } : {};
    return element('textarea', { id, rows: 3, ...code, ...more }, String(value ?? ''));
  }
  if (kind === 'check') {
    return element('input', { id, type: 'checkbox', checked: value === true, ...more });
  }
  return element('input', { id, type: kind, value: value ?? '', autocomplete: 'off', ...more });
}

/**
 * @param {string} text
 * @returns {string} what is wrong with it as JSON; empty when nothing is
 */
export function jsonProblem(text) {
  if (text === '') {
    return '';
  }
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/**
 * Other choices in a select; the chosen one stays when it is still there.
 *
 * @param {HTMLSelectElement} select
 * @param {[value: string, label: string][]} options
 */
export function setOptions(select, options) {
  const present = [...select.options].map((option) => `${option.value}\n${option.text}`).join('\0');
  if (present === options.map(([value, label]) => `${value}\n${label}`).join('\0')) {
    return;
  }
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, label]) => element('option', { value }, label)));
  if (options.some(([value]) => value === chosen)) {
    select.value = chosen;
  }
}
