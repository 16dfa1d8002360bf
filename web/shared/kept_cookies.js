/** Whether the browser keeps the sign-in of a page inside Salesforce's. */

const PROBE = '__Host-scv_probe';
/** As those of the session's cookie (server/api/sign_in.py). */
const RULES = 'Path=/; Secure; SameSite=None; Partitioned';

/**
 * Sets a cookie like the session's and looks whether it is there. `hasStorageAccess()` would not
 * tell: it is about unpartitioned cookies, and Chrome, Firefox and newer Safari keep partitioned
 * ones without it. Older Safari keeps none until the agent allows it by a click.
 * @returns {boolean} at once, so that a click that is going on still counts as one
 */
export function keepsCookies() {
  write(`${PROBE}=1; ${RULES}`);
  const isKept = document.cookie.split('; ').includes(`${PROBE}=1`);
  write(`${PROBE}=; Max-Age=0; ${RULES}`);
  return isKept;
}

/** @param {string} cookie */
function write(cookie) {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is async, and not everywhere
  document.cookie = cookie;
}
