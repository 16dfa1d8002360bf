/**
 * Plays the page: runs the connector in Pyodide and says as JSON what crossed the border.
 *
 * usage: node border.mjs CHECKOUT
 */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [checkout] = process.argv.slice(2);
const WAIT_MS = 10_000;

const CONFIG = {
  organizationId: '00D000000000001AAA',
  userName: 'ada@demo.example',
  userFullName: 'Ada Agent',
  '/reqGeneralInfo/reqInternalName': 'Demo_Center',
};
const WELCOME = {
  kind: 'welcome',
  epoch: 'e1',
  offset: 0,
  schema: 1,
  agent: {
    agentId: 'ada',
    userName: 'ada@demo.example',
    fullName: 'Ada Agent',
    state: 'available',
  },
  calls: [],
};
const RINGING = {
  kind: 'notification',
  epoch: 'e1',
  offset: 1,
  name: 'call_started',
  data: {
    call: {
      callId: 'call-1',
      callType: 'Inbound',
      startedAt: '2024-05-06T07:08:09.000Z',
      participants: [
        {
          participantId: 'customer-1',
          participantType: 'Initial_Caller',
          state: 'connected',
          stateSince: '2024-05-06T07:08:09.000Z',
          phoneNumber: '+12025550143',
        },
        {
          participantId: 'agent-1',
          participantType: 'Agent',
          state: 'ringing',
          stateSince: '2024-05-06T07:08:09.000Z',
          agentId: 'ada',
        },
      ],
    },
  },
};

/** Python in Node, with the sources of connector_py as they are in the checkout. */
async function startPython() {
  const home = join(checkout, 'node_modules', 'pyodide');
  const { loadPyodide } = await import(pathToFileURL(join(home, 'pyodide.mjs')).href);
  return loadPyodide({ indexURL: home, env: { PYTHONPATH: '/checkout' }, fsInit: copySources });
}

async function copySources(fs) {
  const sources = join(checkout, 'connector_py');
  for (const path of await readdir(sources, { recursive: true })) {
    if (path.endsWith('.py')) {
      const target = `/checkout/connector_py/${path}`;
      fs.mkdirTree(target.slice(0, target.lastIndexOf('/')));
      fs.writeFile(target, await readFile(join(sources, path)));
    }
  }
}

class Page {
  posted = [];
  #bridge;

  constructor(python) {
    const bootstrap = python.pyimport('connector_py.browser.bootstrap');
    this.#bridge = bootstrap.create_connector({
      post: (json) => this.posted.push(JSON.parse(json)),
    });
    bootstrap.destroy();
  }

  /** Without a detour through JSON, to see what kind of value comes out. */
  rawCall(method, argsJson) {
    return this.#bridge.call(method, argsJson);
  }

  /** What must be there at once. */
  askNow(method, ...args) {
    const outcome = this.rawCall(method, JSON.stringify(args));
    assert.equal(typeof outcome, 'string', `${method} had to wait`);
    return JSON.parse(outcome);
  }

  /** What must wait; the answer comes later. */
  start(method, ...args) {
    const outcome = this.rawCall(method, JSON.stringify(args));
    assert.notEqual(typeof outcome, 'string', `${method} did not wait`);
    assert.equal(typeof outcome.then, 'function', `${method} gave no promise`);
    return awaited(outcome);
  }

  tell(event) {
    assert.equal(
      this.#bridge.handle(typeof event === 'string' ? event : JSON.stringify(event)),
      undefined,
    );
  }

  /** The next message of this kind that Python posts; takes it away. */
  async see(type) {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const index = this.posted.findIndex((message) => message.type === type);
      if (index >= 0) {
        return this.posted.splice(index, 1)[0];
      }
      assert.ok(Date.now() < end, `${type} was not posted`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** @returns {Promise<(frame: object) => void>} sends frames as the server */
  async openLink() {
    const { id, identity } = await this.see('socket_open');
    this.identity = identity;
    this.tell({ type: 'socket_opened', id, ticket: 'ticket-1' });
    this.hello = JSON.parse((await this.see('socket_send')).text);
    const send = (frame) => this.tell({ type: 'socket_text', id, text: JSON.stringify(frame) });
    send(WELCOME);
    return send;
  }
}

/** As web/bridge/method_calls.js does it. */
async function awaited(task) {
  try {
    return JSON.parse(await task);
  } finally {
    task.destroy();
  }
}

async function eagerAnswers(python) {
  const page = new Page(python);
  return { early: page.askNow('getSharedCapabilities'), unknown: page.askNow('fly') };
}

async function startUp(python) {
  const page = new Page(python);
  const initialised = page.start('init', CONFIG);
  const send = await page.openLink();
  const init = await initialised;
  const ready = Object.fromEntries(
    ['getAgentConfig', 'getSharedCapabilities', 'getVoiceCapabilities', 'getActiveCalls'].map(
      (method) => [method, page.askNow(method)],
    ),
  );
  send(RINGING);
  const callStarted = page.posted.find((message) => message.type === 'publish_event');
  const accepting = page.start('acceptCall', { callId: 'call-1' });
  const command = JSON.parse((await page.see('socket_send')).text);
  const refusal = { code: 'invalid_state', message: 'too late' };
  send({ kind: 'reply', id: command.id, offset: 1, error: refusal });
  const accepted = await accepting;
  const { identity, hello } = page;
  return { identity, hello, init, ready, callStarted, command, accepted };
}

async function signIn(python) {
  const page = new Page(python);
  const initialised = page.start('init', CONFIG);
  const { id } = await page.see('socket_open');
  page.tell({ type: 'socket_failed', id, code: 'sign_in_required', message: '' });
  const init = await initialised;
  page.tell({ type: 'signed_in' });
  await page.openLink();
  return { init, loginResult: await page.see('publish_event') };
}

async function nonsense(python) {
  const page = new Page(python);
  const badArguments = ['', '{', '{}', 'null', '[1,2,3,4,5,6]', '[null]', '[{"a":1}]'];
  const answers = badArguments.flatMap((argsJson) =>
    ['init', 'dial', 'setAgentConfig', 'mute'].map((method) =>
      JSON.parse(page.rawCall(method, argsJson)),
    ),
  );
  for (const event of ['', '[]', '{}', '{"type":"moon_rose"}', '{"type":"socket_text"}']) {
    page.tell(event);
  }
  page.tell({ type: 'socket_text', id: 'never', text: '' });
  page.tell({ type: 'online' });
  return {
    answers,
    logged: page.posted.filter((message) => message.type === 'log').map(({ event }) => event),
  };
}

const escaped = [];
process.on('unhandledRejection', (error) => escaped.push(String(error)));
process.on('uncaughtException', (error) => escaped.push(String(error)));

try {
  const python = await startPython();
  const report = {
    python: python.runPython('import platform; platform.python_version()'),
    eager: await eagerAnswers(python),
    startUp: await startUp(python),
    signIn: await signIn(python),
    nonsense: await nonsense(python),
    escaped,
  };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
} catch (error) {
  process.stderr.write(`${error.stack}\n${escaped.join('\n')}\n`, () => process.exit(1));
}
