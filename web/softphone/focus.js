/** Keeps the keyboard's place when controls come and go. */

/**
 * Runs a change of `root`. When the control in focus is gone or disabled afterwards, the focus
 * goes to the first one in `root` that works, else to `root` itself, else to `elsewhere`.
 *
 * @param {HTMLElement} root
 * @param {() => void} change
 * @param {HTMLElement} [elsewhere]
 */
export function keepingFocus(root, change, elsewhere = root) {
  const before = document.activeElement;
  const hadFocus = before instanceof HTMLElement && root.contains(before);
  change();
  if (!hadFocus || isUsable(before)) {
    return;
  }
  const buttons = [...root.querySelectorAll('button')];
  const fallback = root.offsetParent === null ? elsewhere : root;
  (buttons.find(isUsable) ?? fallback).focus();
}

/** @param {HTMLElement} control */
function isUsable(control) {
  const isDisabled = control instanceof HTMLButtonElement && control.disabled;
  return control.isConnected && control.offsetParent !== null && !isDisabled;
}
