/** Buttons of connector.html for what a browser allows only after a click there. */

/**
 * A question with a button, hidden until it is needed.
 * @param {string} id of its element in connector.html
 * @param {() => void} onClick
 * @returns {{ show(): void, hide(): void }}
 */
export function permissionButton(id, onClick) {
  const question = document.getElementById(id);
  const button = question?.querySelector('button');
  if (!question || !button) {
    throw new Error(`connector.html has no question #${id} with a button`);
  }
  button.addEventListener('click', onClick);
  return Object.freeze({
    show() {
      question.hidden = false;
    },
    hide() {
      question.hidden = true;
    },
  });
}
