/** "Audio Statistics": measurements from which the quality of a call is computed. */

import { ActionForm } from './action_form.js';

const CHANNEL = {
  packetsCount: 1000,
  packetsLost: 5,
  jitterBufferMillis: 30,
  roundTripTimeMillis: 80,
};

/** @param {string} callId */
function template(callId) {
  const stats = [{ inputChannelStats: { statsCount: 1, ...CHANNEL }, outputChannelStats: CHANNEL }];
  return JSON.stringify({ callId, isAudioStatsCompleted: false, stats }, null, 2);
}

/** @param {import('./simulator.js').Simulator} simulator */
export function audioStatsForm(simulator) {
  const form = new ActionForm({
    id: 'audio-stats',
    title: 'Audio Statistics (MOS)',
    help: 'The mean opinion score goes from 1 (bad) to 5 (excellent). Salesforce computes its own when the statistics are complete; ours is shown here after each report.',
    fields: [
      {
        id: 'audio-stats-json',
        label: 'Statistics',
        kind: 'json',
        name: 'audioStats',
        value: template(''),
        more: { rows: 12 },
      },
      {
        id: 'audio-stats-completed',
        label: 'Statistics are complete',
        kind: 'check',
        help: 'The last report of a call; later ones are ignored.',
      },
    ],
    actions: [
      {
        label: 'Send Statistics',
        run: async (field) => {
          const audioStats = {
            ...field('audio-stats-json').json,
            isAudioStatsCompleted: field('audio-stats-completed').isChecked,
          };
          const { callId } = audioStats;
          const told = await simulator.askAgent('POST', 'audio-stats', { callId, audioStats });
          return typeof told?.mos === 'number'
            ? `Sent. Our mean opinion score: ${told.mos.toFixed(2)}.`
            : 'Sent. No score yet.';
        },
      },
      {
        label: 'Fill in Template',
        run: async (field) => {
          const area = field('audio-stats-json');
          area.control.value = template(simulator.agentCalls.at(-1)?.callId ?? '');
          area.control.dispatchEvent(new Event('input'));
          return '';
        },
      },
    ],
  });
  const { control } = form.field('audio-stats-json');
  let last = '';
  simulator.watch(() => {
    const callId = simulator.agentCalls.at(-1)?.callId ?? '';
    if (callId && callId !== last) {
      last = callId;
      // Only the id is replaced: the numbers are the reader's.
      control.value = control.value.replace(/("callId":\s*)"[^"]*"/, `$1"${callId}"`);
      control.dispatchEvent(new Event('input'));
    }
  });
  return form.card;
}
