/** A file for the agent, made in the page. */

/** @param {readonly string[]} lines */
export function offerDownload(lines) {
  const file = new Blob([...lines], { type: 'text/plain; charset=utf-8' });
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = `log-${Date.now()}.txt`;
  link.click();
  // The browser takes the contents in a later turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
