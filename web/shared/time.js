/** Times as a person reads them. */

/**
 * @param {unknown} value a Date, an ISO 8601 text or epoch milliseconds
 * @returns {number | null} epoch milliseconds
 */
export function toMillis(value) {
  if (value instanceof Date) {
    return value.getTime();
  }
  if (typeof value === 'string' || typeof value === 'number') {
    const millis = new Date(value).getTime();
    return Number.isNaN(millis) ? null : millis;
  }
  return null;
}

/**
 * Elapsed time as m:ss or h:mm:ss; never negative, clocks of two machines differ.
 *
 * @param {number} millis
 * @returns {string}
 */
export function formatDuration(millis) {
  const total = Math.max(0, Math.floor(millis / 1000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}

/**
 * Time of day.
 *
 * @param {number} millis epoch milliseconds
 * @returns {string} hh:mm:ss, local
 */
export function formatTime(millis) {
  return formatClock(millis).slice(0, 8);
}

/**
 * Time of day with milliseconds.
 *
 * @param {number} millis epoch milliseconds
 * @returns {string} hh:mm:ss.mmm, local
 */
export function formatClock(millis) {
  const at = new Date(millis);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const fraction = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${fraction}`;
}

/**
 * Keeps every `<time data-since="epoch ms">` below `root` up to date, once a second.
 *
 * @param {ParentNode} root
 */
export function runTimers(root) {
  const tick = () => {
    for (const timer of root.querySelectorAll('time[data-since]')) {
      showTimer(timer);
    }
  };
  setInterval(tick, 1000);
}

/**
 * @param {Element} timer
 */
function showTimer(timer) {
  const since = Number(timer.getAttribute('data-since'));
  timer.textContent = formatDuration(Date.now() - since);
}

/**
 * Points a timer at a moment; null hides it.
 *
 * @param {HTMLElement} timer
 * @param {number | null} since epoch milliseconds
 */
export function setTimer(timer, since) {
  timer.hidden = since === null;
  if (since !== null && timer.getAttribute('data-since') !== String(since)) {
    timer.setAttribute('data-since', String(since));
    timer.setAttribute('datetime', new Date(since).toISOString());
    showTimer(timer);
  }
}
