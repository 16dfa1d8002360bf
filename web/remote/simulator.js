/** What this page knows of the server, and which agent it drives. */

import { request } from '../shared/http.js';
import { recall, remember } from '../shared/memory.js';
import { Directory } from './directory.js';

/**
 * @typedef {import('./types.js').Agent} Agent
 * @typedef {import('./types.js').Call} Call
 * @typedef {import('./types.js').EndedCall} EndedCall
 * @typedef {import('./types.js').Overview} Overview
 * @typedef {import('./types.js').Settings} Settings
 */

const AGENT_KEY = 'remote:agent';
const ENDED_KEY = 'remote:ended-calls';
const MOST_ENDED = 10;
const SETTINGS = '/demo/v1/settings';

/** The page's state. Views watch it; only the server's answers change what it says of calls. */
export class Simulator {
  constructor() {
    /** @type {Agent[]} */
    this.agents = [];
    /** @type {Call[]} */
    this.calls = [];
    /** @type {EndedCall[]} last one first */
    this.endedCalls = recall(sessionStorage, ENDED_KEY) ?? [];
    /** @type {Settings | null} null until the server told them */
    this.settings = null;
    /** @type {string | undefined} what becomes of the next dialed call */
    this.nextDial = undefined;
    this.userName = chosenByAddress() ?? recall(sessionStorage, AGENT_KEY) ?? '';
    this.directory = new Directory();
    /** @type {Set<() => void>} */
    this.watchers = new Set();
  }

  /** @param {() => void} watcher called now and after every change */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }

  /** @param {Overview} overview */
  show({ agents = [], calls = [], settings = null, nextDial = this.nextDial }) {
    const still = new Set(calls.map((call) => call.callId));
    const ended = this.calls.filter((call) => !still.has(call.callId));
    if (ended.length > 0) {
      this.#keepEnded(ended);
    }
    this.agents = agents;
    this.calls = calls;
    this.settings = settings ?? this.settings;
    this.nextDial = nextDial;
    if (!this.agent) {
      this.userName = agents[0]?.userName ?? '';
    }
    this.refresh();
  }

  /** Lets the views look again: what this page chose differs. */
  refresh() {
    for (const watcher of this.watchers) {
      watcher();
    }
  }

  /** @param {string} userName whom this page drives from now on, in this tab */
  choose(userName) {
    this.userName = userName;
    remember(sessionStorage, AGENT_KEY, userName);
    this.refresh();
  }

  /** @returns {Agent | undefined} whom this page drives */
  get agent() {
    return this.agents.find((agent) => agent.userName === this.userName);
  }

  /** @returns {Call[]} calls that ring at the agent or are theirs, not those they listen to */
  get agentCalls() {
    const agentId = this.agent?.agentId;
    return this.calls.filter((call) =>
      call.participants.some(
        (party) =>
          party.agentId === agentId &&
          party.state !== 'ended' &&
          party.participantType !== 'Supervisor',
      ),
    );
  }

  /** @returns {Map<string, string>} full names by agent id */
  get agentNames() {
    return new Map(this.agents.map((agent) => [agent.agentId, agent.fullName]));
  }

  /**
   * Asks something about the agent.
   *
   * @param {string} method
   * @param {string} action the rest of the path
   * @param {unknown} [body]
   */
  askAgent(method, action, body) {
    return request(method, `/demo/v1/agents/${encodeURIComponent(this.userName)}/${action}`, body);
  }

  /**
   * Does something at the agent's desk phone.
   *
   * @param {string} action
   * @param {Record<string, unknown>} [details]
   */
  deskPhone(action, details = {}) {
    return this.askAgent('POST', 'desk-phone', { action, ...details });
  }

  /** @param {Record<string, unknown>} changes part of the org's settings */
  async changeSettings(changes) {
    this.settings = await request('PUT', SETTINGS, changes);
    this.refresh();
  }

  /** @param {Call[]} calls */
  #keepEnded(calls) {
    const at = new Date().toISOString();
    const added = calls.map(({ callId, callType, voiceCallId, fromNumber, toNumber }) => ({
      callId,
      callType,
      voiceCallId,
      fromNumber,
      toNumber,
      endedAt: at,
    }));
    this.endedCalls = [...added, ...this.endedCalls].slice(0, MOST_ENDED);
    remember(sessionStorage, ENDED_KEY, this.endedCalls);
  }
}

/**
 * The agent that a link to this page names. The address forgets it: whom the reader chooses later
 * counts after a reload.
 *
 * @returns {string | null}
 */
function chosenByAddress() {
  const user = new URLSearchParams(location.search).get('user');
  if (user) {
    remember(sessionStorage, AGENT_KEY, user);
    history.replaceState(null, '', location.pathname + location.hash);
  }
  return user;
}
