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

  /**
   * @param {object} [agent] what of the agent is not as usual
   * @returns {Promise<(frame: object) => void>} sends frames as the server
   */
  async openLink(agent = {}) {
    const { id, identity } = await this.see('socket_open');
    this.identity = identity;
    this.tell({ type: 'socket_opened', id, ticket: 'ticket-1' });
    this.hello = JSON.parse((await this.see('socket_send')).text);
    const send = (frame) => this.tell({ type: 'socket_text', id, text: JSON.stringify(frame) });
    send({ ...WELCOME, agent: { ...WELCOME.agent, ...agent } });
    return send;
  }
}

/** As web/bridge/methods.js does it. */
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
  page.tell({ type: 'host_answer', id: (await page.see('host_request')).id, ok: true });
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

const HEADSET = { vendorId: 0x1234, productId: 0x5678 };

/** One report of input and one of output, a bit each: the hook, and the off-hook lamp. */
function bits(...usages) {
  const [count, isConstant] = [usages.length, false];
  return {
    usages,
    reportSize: 1,
    reportCount: count,
    isConstant,
    isAbsolute: true,
    isArray: false,
  };
}

async function headset(python) {
  const page = new Page(python);
  const initialised = page.start('init', CONFIG);
  const send = await page.openLink({
    agentConfig: { hidDeviceInfo: HEADSET },
    voiceCapabilities: { isHidSupported: true },
  });
  await initialised;
  const opened = await page.see('hid_open');
  const collections = [
    {
      usagePage: 0x0b,
      inputReports: [{ reportId: 8, items: [bits(0x0b0020)] }],
      outputReports: [{ reportId: 9, items: [bits(0x080017, 0x080018)] }],
      children: [],
    },
  ];
  page.tell({ type: 'hid_connected', ...HEADSET, productName: 'Some Headset', collections });
  const dark = await page.see('hid_send');
  send(RINGING);
  const ring = await page.see('hid_send');
  const isHIDCall = (await page.see('publish_event')).payload.call.callInfo.isHIDCall;
  page.tell({ type: 'hid_report', reportId: 8, bytes: '01' });
  const command = JSON.parse((await page.see('socket_send')).text);
  page.tell({ type: 'hid_disconnected' });
  const lost = await page.see('publish_error');
  page.tell({ type: 'hid_failed', code: 'broken', message: 'no power' });
  const logged = page.posted.filter(({ type }) => type === 'log').map(({ event }) => event);
  return { opened, dark, ring, isHIDCall, command, lost, logged };
}

async function questions(python) {
  const page = new Page(python);
  const initialised = page.start('init', CONFIG);
  const { id } = await page.see('socket_open');
  page.tell({ type: 'socket_failed', id, code: 'sign_in_required', message: '' });
  const storage = await page.see('host_request');
  page.tell({ type: 'host_answer', id: storage.id, ok: false });
  const init = await initialised;
  page.tell({ type: 'storage_access', granted: true });
  await page.openLink();
  const decided = await page.see('publish_event');
  const listing = page.start('getAudioDevices');
  const audio = await page.see('host_request');
  const microphone = { deviceId: 'm1', label: 'Microphone', kind: 'audioinput' };
  page.tell({ type: 'host_answer', id: audio.id, ok: [microphone] });
  const devices = await listing;
  const refused = page.start('getAudioDevices');
  page.tell({ type: 'host_answer', id: (await page.see('host_request')).id, error: 'not allowed' });
  page.tell({ type: 'host_answer', id: 'nobody', ok: 1 });
  return { storage, init, decided, audio, devices, refused: await refused };
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
    headset: await headset(python),
    questions: await questions(python),
    nonsense: await nonsense(python),
    escaped,
  };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
} catch (error) {
  process.stderr.write(`${error.stack}\n${escaped.join('\n')}\n`, () => process.exit(1));
}
