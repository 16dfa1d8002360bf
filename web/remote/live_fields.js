/** Controls that show what the server has and change it at once: there is no "Save". */

import { element } from '../shared/dom.js';
import { Field } from './fields.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./outcome.js').Outcome} Outcome
 * @typedef {import('./fields.js').FieldSpec} FieldSpec
 *
 * @typedef {object} LiveSpec
 * @property {Omit<FieldSpec, 'isKept'>} field
 * @property {() => unknown} read undefined when there is nothing to change now
 * @property {(value: any) => Promise<unknown>} change
 *
 * @typedef {object} FlagGroup
 * @property {string} id
 * @property {string} legend
 * @property {import('./flags.js').Flag[]} flags
 * @property {(name: string) => unknown} read undefined when there is nothing to change now
 * @property {(name: string, value: boolean) => Promise<unknown>} change
 */

/** One check box, choice or text. */
export class LiveField {
  /**
   * @param {Simulator} simulator
   * @param {LiveSpec} spec
   * @param {Outcome} outcome of the controls around
   */
  constructor(simulator, spec, outcome) {
    this.spec = spec;
    this.outcome = outcome;
    this.pending = 0;
    this.field = new Field({ ...spec.field, isKept: false });
    this.field.control.addEventListener('change', () => void this.#send());
    simulator.watch(() => this.show());
  }

  get element() {
    return this.field.element;
  }

  /** Shows what the server has, but not over what is being changed. */
  show() {
    const { control } = this.field;
    const value = this.spec.read();
    control.disabled = value === undefined;
    if (this.pending > 0) {
      return;
    }
    if (this.#isCheck) {
      /** @type {HTMLInputElement} */ (control).checked = value === true;
    } else if (control !== document.activeElement || control instanceof HTMLSelectElement) {
      control.value = String(value ?? '');
    }
  }

  get #isCheck() {
    return this.spec.field.kind === 'check';
  }

  async #send() {
    const { field, spec } = this;
    const value = this.#isCheck ? field.isChecked : field.text;
    let reason = '';
    const work = async () => {
      try {
        await spec.change(value);
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
        throw error;
      }
      return 'Saved.';
    };
    this.pending += 1;
    await this.outcome.run(work);
    this.pending -= 1;
    this.show();
    field.blame(reason);
  }
}

/**
 * Check boxes for flags of one kind, under a heading.
 *
 * @param {Simulator} simulator
 * @param {FlagGroup} group
 * @param {Outcome} outcome
 */
export function flagGroup(simulator, { id, legend, flags, read, change }, outcome) {
  const boxes = flags.map(({ name, label, help }) => {
    /** @type {LiveSpec} */
    const spec = {
      field: { id: `${id}-${name}`, label, help, kind: 'check', name },
      read: () => read(name),
      change: (value) => change(name, value),
    };
    return new LiveField(simulator, spec, outcome).element;
  });
  return element(
    'fieldset',
    { class: 'flags' },
    element('legend', {}, legend),
    element('div', { class: 'flag-grid' }, ...boxes),
  );
}
