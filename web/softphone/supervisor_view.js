/** The Supervisor tab: the calls of the others, and the one that is listened to. */

import { byId, element, setText } from '../shared/dom.js';
import { describeError } from '../shared/http.js';
import { showNumber } from '../shared/phone_numbers.js';
import { setTimer, toMillis } from '../shared/time.js';
import { overview } from './salesforce.js';
import { showSupervised } from './supervised_card.js';
import { listenIn } from './supervisor_actions.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./types.js').SupervisedCall} SupervisedCall
 *
 * @typedef {object} OthersCall a call as the supervisor sees it before listening
 * @property {SupervisedCall} info
 * @property {string} agents
 * @property {string} customer
 * @property {number | null} since epoch milliseconds
 */

const LOOK_EVERY_MS = 2000;

/** Lists the calls while the tab is open. */
export class SupervisorView {
  /**
   * @param {Omni} omni
   * @param {() => boolean} isInFront whether the tab is open
   */
  constructor(omni, isInFront) {
    this.omni = omni;
    /** @type {OthersCall[]} */
    this.calls = [];
    this.error = '';
    this.shown = '';
    byId('panel-supervisor', HTMLElement).addEventListener('shown', () => void this.look());
    omni.on('supervision', () => void this.look());
    setInterval(() => {
      if (isInFront() && !document.hidden && omni.isReady) {
        void this.look();
      }
    }, LOOK_EVERY_MS);
    showSupervised(omni);
    omni.watch(() => this.update());
  }

  /** Asks who is on the phone. */
  async look() {
    if (this.omni.capabilities.SUPERVISOR_LISTEN_IN !== true) {
      return;
    }
    try {
      this.calls = callsOfOthers(await overview(), this.omni);
      this.error = '';
    } catch (error) {
      this.error = describeError(error).message;
    }
    this.update();
  }

  /** Shows the state as it is now. */
  update() {
    const { omni } = this;
    byId('tab-supervisor', HTMLElement).hidden = omni.capabilities.SUPERVISOR_LISTEN_IN !== true;
    const idle = this.calls.length === 0 ? 'No other agent is on a call.' : '';
    setText(byId('supervisor-status', HTMLElement), this.error || idle);
    const isBlocked = !omni.isReady || omni.supervised !== null || omni.isOnCall;
    byId('supervisor-hint', HTMLElement).hidden = !omni.isOnCall;
    const state = JSON.stringify([this.calls, isBlocked, omni.busy.has('listen')]);
    if (state === this.shown) {
      return;
    }
    this.shown = state;
    const list = byId('supervisor-list', HTMLElement);
    const focused = list.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-listen')
      : null;
    list.replaceChildren(...this.calls.map((call) => this.#row(call, isBlocked)));
    if (focused) {
      const same = list.querySelector(`[data-listen="${CSS.escape(focused)}"]:enabled`);
      /** @type {HTMLElement} */ (same ?? byId('panel-supervisor', HTMLElement)).focus();
    }
  }

  /**
   * @param {OthersCall} call
   * @param {boolean} isBlocked
   */
  #row(call, isBlocked) {
    const timer = element('time', { class: 'timer' });
    setTimer(timer, call.since);
    const what = `${call.agents} with ${call.customer}`;
    return element(
      'li',
      { class: 'work-item', 'data-testid': 'others-call', 'data-call-id': call.info.callId },
      element('h3', {}, call.agents),
      element(
        'p',
        { class: 'call-line' },
        element('span', {}, `${call.info.callType} · ${call.customer}`),
        timer,
      ),
      element(
        'button',
        {
          type: 'button',
          class: 'button wide',
          'aria-label': `Listen in: ${what}`,
          'data-listen': call.info.callId,
          disabled: isBlocked || this.omni.busy.has('listen'),
          click: () => listenIn(this.omni, call.info),
        },
        'Listen In',
      ),
    );
  }
}

/**
 * The calls on which another agent talks.
 *
 * @param {{ agents: any[], calls: any[] }} seen
 * @param {Omni} omni
 * @returns {OthersCall[]}
 */
function callsOfOthers({ agents, calls }, omni) {
  const own = agents.find((agent) => agent.userName === omni.userName)?.agentId;
  const names = new Map(agents.map((agent) => [agent.agentId, agent.fullName]));
  return calls.flatMap((call) => {
    const parties = call.participants.filter(
      (/** @type {any} */ party) =>
        party.state !== 'ended' && party.participantType !== 'Supervisor',
    );
    const talking = parties.filter(
      (/** @type {any} */ party) => party.agentId && party.state === 'connected',
    );
    const isOwn = parties.some((/** @type {any} */ party) => party.agentId === own);
    if (isOwn || talking.length === 0) {
      return [];
    }
    const customer = parties.find((/** @type {any} */ party) => !party.agentId);
    const info = {
      callId: call.callId,
      voiceCallId: call.voiceCallId ?? undefined,
      callType: call.callType,
      from: call.fromNumber ?? undefined,
      to: call.toNumber ?? undefined,
      supervisorName: omni.fullName,
      isBargedIn: false,
      connectionId: call.callId,
    };
    return [
      {
        info,
        agents: talking
          .map((/** @type {any} */ party) => names.get(party.agentId) ?? party.name)
          .join(', '),
        customer: customer?.name || showNumber(customer?.phoneNumber ?? call.fromNumber),
        since: toMillis(call.startedAt),
      },
    ];
  });
}
