/** The microphones and speakers that the browser names. */

/** @typedef {{ deviceId: string, label: string, kind: 'audioinput' | 'audiooutput' }} AudioDevice */

/**
 * @returns {Promise<AudioDevice[]>}
 * @throws {Error} the agent or the browser does not allow it
 */
export async function listAudioDevices() {
  const { mediaDevices } = navigator;
  if (mediaDevices === undefined) {
    const reason = 'this browser names no audio devices to this page';
    throw new DOMException(reason, 'NotSupportedError');
  }
  const unnamed = await audioOnly(mediaDevices);
  if (unnamed.length === 0 || unnamed.some(({ label }) => label !== '')) {
    return unnamed;
  }
  // Their names are told only to a page that may hear.
  const stream = await mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) {
    track.stop();
  }
  return audioOnly(mediaDevices);
}

/**
 * @param {MediaDevices} mediaDevices
 * @returns {Promise<AudioDevice[]>}
 */
async function audioOnly(mediaDevices) {
  const found = await mediaDevices.enumerateDevices();
  return found.flatMap(({ deviceId, label, kind }) =>
    kind === 'videoinput' ? [] : [{ deviceId, label, kind }],
  );
}
