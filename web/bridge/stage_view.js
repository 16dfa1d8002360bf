/** What the page shows of the start: a status line, a progress bar, the stages with their times. */

/** @type {Readonly<Record<StageName, { label: string, doing: string }>>} */
const TEXTS = Object.freeze({
  settings: { label: 'Settings', doing: 'Asking the server for its settings…' },
  assets: { label: 'Files', doing: 'Loading the files of the connector…' },
  python: { label: 'Python', doing: 'Starting Python…' },
  connector: { label: 'Connector', doing: 'Starting the connector…' },
  ready: { label: 'Salesforce', doing: 'The connector waits for Salesforce.' },
});

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`connector.html has no element #${id}`);
  }
  return found;
}

/** @param {StageFacts} facts */
function outcome({ state, startedAt, finishedAt }) {
  if (startedAt === null) {
    return '';
  }
  if (finishedAt === null) {
    return '…';
  }
  const seconds = `${((finishedAt - startedAt) / 1000).toFixed(2)} s`;
  return state === 'failed' ? `failed after ${seconds}` : seconds;
}

/** @param {StageFacts} facts */
function row(facts) {
  const item = document.createElement('li');
  item.className = 'stage';
  item.dataset.stage = facts.name;
  item.dataset.state = facts.state;
  const label = document.createElement('span');
  label.textContent = TEXTS[facts.name].label;
  const result = document.createElement('span');
  result.textContent = outcome(facts);
  item.append(label, result);
  return item;
}

/** @param {readonly StageFacts[]} stages */
export function showStages(stages) {
  byId('stages').replaceChildren(...stages.map(row));
  const done = stages.filter(({ state }) => state === 'done').length;
  byId('progress').setAttribute('value', String(done));
  const running = stages.find(({ state }) => state === 'running');
  if (running !== undefined) {
    setStatus(TEXTS[running.name].doing, 'starting');
  } else if (done === stages.length) {
    setStatus('The connector is connected to Salesforce.', 'ready');
  }
}

/** @param {Error} failure */
export function showFailure(failure) {
  setStatus(`${failure.message}. Reload the page to try again.`, 'failed');
}

/**
 * @param {string} text
 * @param {'starting' | 'ready' | 'failed'} state
 */
function setStatus(text, state) {
  const line = byId('status');
  line.dataset.state = state;
  if (line.textContent !== text) {
    line.textContent = text;
  }
}
