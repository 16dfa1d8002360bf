/** Values kept in the browser, readable or not. */

/**
 * A value kept as JSON; null when there is none or it cannot be read.
 *
 * @param {Storage} storage
 * @param {string} key
 * @returns {any}
 */
export function recall(storage, key) {
  const text = storage.getItem(key);
  if (text === null) {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    storage.removeItem(key);
    return null;
  }
}

/**
 * Keeps a value as JSON; null forgets it.
 *
 * @param {Storage} storage
 * @param {string} key
 * @param {unknown} value
 */
export function remember(storage, key, value) {
  if (value === null || value === undefined) {
    storage.removeItem(key);
  } else {
    storage.setItem(key, JSON.stringify(value));
  }
}
