/** The tab "Capabilities": what the telephony system says that it can do. */

import { element } from '../shared/dom.js';
import { card } from './action_form.js';
import { CONTACT_TYPES, SHARED_CAPABILITIES, VOICE_CAPABILITIES } from './flags.js';
import { flagGroup } from './live_fields.js';
import { Outcome } from './outcome.js';
import { waitTimesForm } from './wait_times_form.js';

/**
 * @param {import('./simulator.js').Simulator} simulator
 * @returns {HTMLElement[]}
 */
export function capabilitiesPanel(simulator) {
  const outcome = new Outcome('capabilities');
  const voice = flagGroup(
    simulator,
    {
      id: 'voice-capabilities',
      legend: 'Voice',
      flags: VOICE_CAPABILITIES,
      read: (name) => simulator.settings?.voiceCapabilities[name],
      change: (name, value) => simulator.changeSettings({ voiceCapabilities: { [name]: value } }),
    },
    outcome,
  );
  const shared = flagGroup(
    simulator,
    {
      id: 'shared-capabilities',
      legend: 'All channels',
      flags: SHARED_CAPABILITIES,
      read: (name) => simulator.settings?.sharedCapabilities[name],
      change: (name, value) => simulator.changeSettings({ sharedCapabilities: { [name]: value } }),
    },
    outcome,
  );
  const types = new Outcome('contact-types');
  const contactTypes = flagGroup(
    simulator,
    {
      id: 'contact-types',
      legend: 'Kinds of contacts',
      flags: CONTACT_TYPES,
      read: (name) => simulator.settings?.contactTypes.includes(name),
      change: (name, value) => {
        const chosen = simulator.settings?.contactTypes ?? [];
        const all = CONTACT_TYPES.map((type) => type.name);
        const contactTypes = all.filter((type) => (type === name ? value : chosen.includes(type)));
        return simulator.changeSettings({ contactTypes });
      },
    },
    types,
  );
  return [
    card(
      'capabilities',
      'Capabilities',
      hint(
        'For all agents. Salesforce reads the list when an agent’s page loads: reload the softphone to see its buttons change. The server refuses at once what is switched off; a flag for Salesforce alone says so.',
      ),
      outcome.element,
      voice,
      shared,
    ),
    card(
      'contact-types',
      'Transfer Destinations',
      hint('Which kinds of contacts agents see when they transfer a call.'),
      types.element,
      contactTypes,
    ),
    waitTimesForm(simulator),
  ];
}

/** @param {string} text */
function hint(text) {
  return element('p', { class: 'hint' }, text);
}
