/**
 * The custom labels of the demo's org (guide chapter 8, "Customize Error Messages").
 *
 * A real org keeps them with their texts under Setup, Custom Labels, or gets them with a package;
 * the namespace of an org without one is "c".
 */

import { labelsOfOrg } from './salesforce.js';

/** @type {Record<string, string>} label, as namespace.labelName → text */
const LABELS = {
  'c.cannotMuteLabel': 'You can’t mute this call: the caller must be able to hear you.',
  'c.cannotAcceptLabel': 'This call was just taken by somebody else.',
  'c.cannotDialLabel': 'Calls to this number are blocked by your administrator.',
  'c.cannotTransferLabel': 'This team takes no transfers right now. Try another queue.',
  'c.agentAtMaximumLabel': 'This agent can’t take another call.',
};

/**
 * What Salesforce shows for a custom error: the label's text, or the guide's own sentence when
 * there is no such label. A label that was added to the org here has no text: where one would
 * stand is said instead. Without a label what the error itself says.
 *
 * @param {{ namespace?: string, labelName?: string, message?: string }} customError
 * @returns {Promise<{ title: string, text: string }>}
 */
export async function customErrorText({ namespace, labelName, message }) {
  if (!labelName) {
    return { title: 'Error', text: message || 'The telephony system reported an error.' };
  }
  const name = `${namespace || 'c'}.${labelName}`;
  return { title: name, text: LABELS[name] ?? (await addedText(name)) };
}

/** @param {string} name */
async function addedText(name) {
  const labels = await labelsOfOrg().catch(() => /** @type {string[]} */ ([]));
  return labels.includes(name)
    ? `Salesforce shows the text of the custom label ${name} here.`
    : `We couldn’t find [${name}].`;
}
