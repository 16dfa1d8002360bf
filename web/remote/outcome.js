/** What is asked of the server: busy meanwhile, then done, or refused with the reason. */

import { alertReader, announce } from '../shared/announcer.js';
import { element, setText } from '../shared/dom.js';
import { ApiError, describeError } from '../shared/http.js';
import { FieldError } from './fields.js';

/** @typedef {import('./fields.js').Field} Field */

/** Where the outcome of some controls is shown. */
export class Outcome {
  /** @param {string} id for the tests: `<id>-error` and `<id>-done` */
  constructor(id) {
    this.done = element('p', { class: 'done', 'data-testid': `${id}-done` });
    this.error = element('p', { class: 'field-error', 'data-testid': `${id}-error` });
    this.element = element('div', { class: 'outcome' }, this.done, this.error);
    /** @type {Promise<unknown>} */
    this.last = Promise.resolve();
    this.isReadError = false;
  }

  /**
   * Does something after what was begun before. A button that is busy is not pressed twice: a
   * double click has one effect.
   *
   * @param {() => Promise<string | undefined>} work returns what to say when it is done; "Done."
   *   when it says nothing, and nothing when it says ""
   * @param {{ button?: HTMLElement, fields?: Field[] }} [around]
   * @returns {Promise<boolean>} whether it was done
   */
  async run(work, { button, fields = [] } = {}) {
    if (button?.getAttribute('aria-busy') === 'true') {
      return false;
    }
    button?.setAttribute('aria-busy', 'true');
    const turn = this.last.then(() => this.#do(work, fields));
    this.last = turn;
    const isDone = await turn;
    button?.removeAttribute('aria-busy');
    return isDone;
  }

  /**
   * Reads something, now and again: says nothing while all is well, and a failure once.
   *
   * @param {() => Promise<unknown>} work
   */
  async read(work) {
    try {
      await work();
      if (this.isReadError) {
        setText(this.error, '');
      }
      this.isReadError = false;
    } catch (failure) {
      const { code, message } = describeError(failure);
      const text = `${code}: ${message}`;
      if (this.error.textContent !== text) {
        setText(this.error, text);
        alertReader(`Error: ${message}`);
      }
      this.isReadError = true;
    }
  }

  /**
   * @param {() => Promise<string | undefined>} work
   * @param {Field[]} fields
   * @returns {Promise<boolean>} never rejected
   */
  async #do(work, fields) {
    // Of all successes only the last one is shown: an older one would be taken for it.
    for (const done of document.querySelectorAll('.done:not(:empty)')) {
      // Its place is kept: a page that moves under a click which left a field would lose the click.
      done.parentElement?.classList.add('kept');
      setText(done, '');
    }
    setText(this.error, '');
    for (const field of fields) {
      field.inspect();
    }
    try {
      const said = (await work()) ?? 'Done.';
      setText(this.done, said);
      if (said) {
        announce(said);
      }
      return true;
    } catch (failure) {
      this.#refused(failure, fields);
      return false;
    }
  }

  /**
   * @param {unknown} failure
   * @param {Field[]} fields
   */
  #refused(failure, fields) {
    const field = blamed(failure, fields);
    const { code, message } = describeError(failure);
    const text = failure instanceof FieldError ? message : `${code}: ${message}`;
    if (field) {
      field.blame(text);
      field.element.closest('details')?.setAttribute('open', '');
      field.control.focus();
    }
    // Once is enough, where the reader looks: at the control, or else at the buttons.
    const isBeside = field && this.element.parentElement?.contains(field.element);
    setText(this.error, isBeside ? '' : text);
    alertReader(`Error: ${message}`);
  }
}

/**
 * @param {unknown} failure
 * @param {Field[]} fields
 * @returns {Field | undefined} the control that the failure is about
 */
function blamed(failure, fields) {
  if (failure instanceof FieldError) {
    return failure.field;
  }
  const name = failure instanceof ApiError ? failure.field : undefined;
  const isAbout = (/** @type {string} */ own) => `${name}.`.startsWith(`${own}.`);
  return fields.find(({ spec }) => [spec.name ?? []].flat().some(isAbout));
}
