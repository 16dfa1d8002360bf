/** "Queue Wait Times": what the telephony system estimates (guide chapter 13). */

import { ActionForm } from './action_form.js';

/** @param {import('./simulator.js').Simulator} simulator */
export function waitTimesForm(simulator) {
  const form = new ActionForm({
    id: 'wait-times',
    title: 'Queue Wait Times',
    help: 'Seconds by queue id. Agents see them while “Give queue wait times” is on.',
    fields: [
      {
        id: 'queue-wait-seconds',
        label: 'Wait Times',
        kind: 'json',
        name: 'queueWaitSeconds',
        help: 'JSON, such as {"queue-support": 90}.',
        isKept: false,
      },
    ],
    actions: [
      {
        label: 'Save Wait Times',
        run: async (field) => {
          await simulator.changeSettings({
            queueWaitSeconds: field('queue-wait-seconds').json ?? {},
          });
          return 'Saved.';
        },
      },
    ],
  });
  const { control } = form.field('queue-wait-seconds');
  let shown = '';
  simulator.watch(() => {
    const told = JSON.stringify(simulator.settings?.queueWaitSeconds ?? {});
    // What is being typed is not overwritten.
    if (told !== shown && control !== document.activeElement) {
      shown = told;
      control.value = told;
    }
  });
  return form.card;
}
