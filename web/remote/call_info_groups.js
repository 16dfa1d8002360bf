/** What may be done with a call or party: the fields of `CallInfo` that can be chosen. */

import { element } from '../shared/dom.js';
import { ENABLED, INITIAL_STATE, OTHER, REMOVE_VARIANTS, SHOWN } from './flags.js';
import { flagGroup, LiveField } from './live_fields.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./outcome.js').Outcome} Outcome
 * @typedef {import('./types.js').CallInfo} CallInfo
 *
 * @typedef {object} CallInfoPart whose facts they are
 * @property {string} id
 * @property {() => CallInfo | undefined} read undefined when there is nothing to change now
 * @property {(changes: CallInfo) => Promise<unknown>} change
 */

/**
 * @param {Simulator} simulator
 * @param {CallInfoPart} part
 * @param {Outcome} outcome
 * @returns {HTMLElement[]} the initial state first
 */
export function callInfoGroups(simulator, { id, read, change }, outcome) {
  const group = (
    /** @type {string} */ name,
    /** @type {string} */ legend,
    /** @type {import('./flags.js').Flag[]} */ flags,
  ) => {
    const info = (/** @type {string} */ flag) => {
      const facts = read();
      return facts === undefined ? undefined : (facts[flag] ?? null);
    };
    // Without a wish the number says whether a transfer is external (demo-connector.md 5.7).
    const send = (/** @type {string} */ flag, /** @type {boolean} */ value) =>
      change({ [flag]: flag === 'isExternalTransfer' && !value ? null : value });
    const spec = { id: `${id}-${name}`, legend, flags, read: info, change: send };
    return flagGroup(simulator, spec, outcome);
  };
  const variant = new LiveField(
    simulator,
    {
      field: {
        id: `${id}-remove`,
        label: 'The agent may remove this party',
        kind: 'select',
        name: 'removeParticipantVariant',
        options: REMOVE_VARIANTS,
      },
      read: () => read()?.removeParticipantVariant,
      change: (value) => change({ removeParticipantVariant: value }),
    },
    outcome,
  );
  const contact = new LiveField(
    simulator,
    {
      field: {
        id: `${id}-render-contact`,
        label: 'Contact to show (renderContactId)',
        name: 'renderContactId',
        help: 'Told to Salesforce with the call; the simulated softphone shows no contact.',
      },
      read: () => {
        const facts = read();
        return facts === undefined ? undefined : (facts.renderContactId ?? '');
      },
      change: (value) => change({ renderContactId: value || null }),
    },
    outcome,
  );
  return [
    group('state', 'Initial state', INITIAL_STATE),
    group('shown', 'Buttons that are shown', SHOWN),
    group('enabled', 'Controls that work', ENABLED),
    group('other', 'Other', OTHER),
    element('div', { class: 'stack' }, variant.element, contact.element),
  ];
}
