/** The tab "Errors": make the telephony system or Salesforce fail. */

import { element } from '../shared/dom.js';
import { ActionForm } from './action_form.js';
import { faultsCard } from './faults_card.js';
import { DIAL_ERRORS } from './flags.js';

/** @typedef {import('./simulator.js').Simulator} Simulator */

/**
 * @param {Simulator} simulator
 * @returns {HTMLElement[]}
 */
export function errorsPanel(simulator) {
  return [errorForm(simulator), labelsForm(simulator), faultsCard(simulator)];
}

/** @param {Simulator} simulator */
function errorForm(simulator) {
  const state = element('p', { class: 'badge-line', 'data-testid': 'error-state' });
  const form = new ActionForm({
    id: 'simulated-error',
    title: 'Display an Error',
    help: 'Every request of every agent’s page is refused until this is switched off.',
    fields: [
      {
        id: 'error-kind',
        label: 'Which Error',
        kind: 'select',
        options: [
          ['usual', 'The usual one of each request'],
          ['label', 'A custom label'],
          ['code', 'A reason for which dialing fails'],
        ],
      },
      {
        id: 'error-label',
        label: 'Custom Label',
        name: 'error.label',
        value: 'c.cannotMuteLabel',
        help: '<namespace>.<labelName>; without a namespace of the org the namespace is c.',
        more: { list: 'known-labels' },
      },
      {
        id: 'error-code',
        label: 'Dialing Error',
        kind: 'select',
        name: 'error.code',
        help: 'Salesforce gets this name from base connector 4.9.1 on; 4.8.10 makes CAN_NOT_START_THE_CALL of it.',
        options: DIAL_ERRORS.map((code) => [code, code]),
      },
    ],
    actions: [
      {
        label: 'Display an Error',
        tone: 'danger',
        run: async (field) => {
          await simulator.changeSettings({ error: chosenError(field) });
          return 'From now on requests fail.';
        },
      },
      {
        label: 'Stop Errors',
        run: async () => {
          await simulator.changeSettings({ error: null });
          return 'Requests work again.';
        },
      },
    ],
  });
  const kind = form.field('error-kind').control;
  const show = () => {
    form.field('error-label').element.hidden = kind.value !== 'label';
    form.field('error-code').element.hidden = kind.value !== 'code';
  };
  kind.addEventListener('change', show);
  show();
  simulator.watch(() => {
    const error = simulator.settings?.error;
    const which = error?.label ?? error?.code ?? 'the usual one';
    state.textContent = error ? `Errors are on: ${which}` : 'Errors are off.';
    state.classList.toggle('is-on', Boolean(error));
  });
  form.form.prepend(state);
  return form.card;
}

/** @param {(id: string) => import('./fields.js').Field} field */
function chosenError(field) {
  switch (field('error-kind').text) {
    case 'label':
      return { label: field('error-label').required };
    case 'code':
      return { code: field('error-code').text };
    default:
      return {};
  }
}

/** @param {Simulator} simulator */
function labelsForm(simulator) {
  const known = element('datalist', { id: 'known-labels' });
  const form = new ActionForm({
    id: 'labels',
    title: 'Known Custom Labels',
    help: 'Custom labels that the org has, one in each line. A label that is not in this list is never sent: Salesforce would not find it. The texts are kept in Salesforce: the softphone has only those of the demo, and names any other label.',
    fields: [
      {
        id: 'labels-text',
        label: 'Labels',
        kind: 'area',
        name: 'labels',
        isKept: false,
        more: { rows: 4, spellcheck: 'false' },
      },
    ],
    actions: [
      {
        label: 'Save Labels',
        run: async (field) => {
          const labels = field('labels-text').text.split(/\s+/).filter(Boolean);
          await simulator.changeSettings({ labels });
          return 'Saved.';
        },
      },
    ],
  });
  const { control } = form.field('labels-text');
  let shown = '-';
  simulator.watch(() => {
    const labels = simulator.settings?.labels ?? [];
    const text = labels.join('\n');
    // What is being typed is not overwritten.
    if (text !== shown && control !== document.activeElement) {
      shown = text;
      control.value = text;
      known.replaceChildren(...labels.map((label) => element('option', { value: label })));
    }
  });
  const labelCard = form.card;
  labelCard.append(known);
  return labelCard;
}
