/** The newest audio figures of a call, as the telephony system measured them. */

import { element } from '../shared/dom.js';

/**
 * @typedef {import('./types.js').AudioStatsElement} AudioStatsElement
 * @typedef {import('./types.js').StatsInfo} StatsInfo
 */

/**
 * @param {HTMLElement} holder a `<details>`, hidden while nothing was measured
 * @param {AudioStatsElement | undefined} stats
 */
export function showAudioStats(holder, stats) {
  holder.hidden = stats === undefined;
  const shown = JSON.stringify(stats ?? null);
  if (stats === undefined || holder.dataset.shown === shown) {
    return;
  }
  holder.dataset.shown = shown;
  const body = holder.querySelector('tbody');
  body?.replaceChildren(
    row('You hear', stats.inputChannelStats),
    row('You are heard', stats.outputChannelStats),
  );
}

/**
 * @param {string} name
 * @param {StatsInfo | undefined} info
 */
function row(name, info) {
  const { packetsCount = 0, packetsLost = 0, jitterBufferMillis, roundTripTimeMillis } = info ?? {};
  const loss = packetsCount > 0 ? (100 * packetsLost) / packetsCount : 0;
  const cells = info
    ? [`${loss.toFixed(1)} %`, `${jitterBufferMillis ?? 0} ms`, `${roundTripTimeMillis ?? 0} ms`]
    : ['–', '–', '–'];
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    ...cells.map((text) => element('td', {}, text)),
  );
}
