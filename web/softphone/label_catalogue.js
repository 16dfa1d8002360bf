/**
 * The custom labels of the demo's org (guide chapter 8, "Customize Error Messages").
 *
 * A real org keeps them under Setup, Custom Labels, or gets them with a package; the namespace of
 * an org without one is "c".
 */

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
 * there is no such label. Without a label what the error itself says.
 *
 * @param {{ namespace?: string, labelName?: string, message?: string }} customError
 * @returns {{ title: string, text: string }}
 */
export function customErrorText({ namespace, labelName, message }) {
  if (!labelName) {
    return { title: 'Error', text: message || 'The telephony system reported an error.' };
  }
  const name = `${namespace || 'c'}.${labelName}`;
  return { title: name, text: LABELS[name] ?? `We couldn’t find [${name}].` };
}
