/** "Active Calls": every call of the switch with its live state and what the customer may do. */

import { announce } from '../shared/announcer.js';
import { byId, element, setText, within } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { setTimer } from '../shared/time.js';
import {
  callState,
  customer,
  partyLine,
  present,
  STATE_LABELS,
  stateSince,
  summary,
  title,
} from './call_facts.js';
import { clearFailure, showFailure } from './failures.js';

/**
 * @typedef {import('./types.js').Call} Call
 * @typedef {import('./types.js').Agent} Agent
 */

/** The list; each call keeps its element, so that a focused button stays focused. */
export class CallsView {
  /**
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} template
   */
  constructor(list, template) {
    this.list = list;
    this.template = template;
    /** @type {Map<string, HTMLElement>} */
    this.items = new Map();
  }

  /**
   * @param {Call[]} calls
   * @param {Agent[]} agents
   */
  show(calls, agents) {
    const names = new Map(agents.map((agent) => [agent.agentId, agent.fullName]));
    const wanted = new Set(calls.map((call) => call.callId));
    for (const [callId, item] of this.items) {
      if (!wanted.has(callId)) {
        this.#remove(callId, item);
      }
    }
    for (const call of calls) {
      this.#update(this.items.get(call.callId) ?? this.#add(call), call, names);
    }
    byId('no-calls', HTMLElement).hidden = calls.length > 0;
    setText(byId('calls-count', HTMLElement), calls.length > 0 ? `${calls.length} active` : '');
  }

  /** @param {Call} call */
  #add(call) {
    const copy = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const item = within(copy, 'li', HTMLElement);
    const path = `/demo/v1/calls/${encodeURIComponent(call.callId)}`;
    for (const action of ['customer-answers', 'customer-leaves']) {
      const button = within(item, `[data-action="${action}"]`, HTMLButtonElement);
      button.addEventListener('click', () => void act(item, `${path}/${action}`));
    }
    within(item, 'article', HTMLElement).setAttribute('data-call-id', call.callId);
    this.items.set(call.callId, item);
    this.list.append(item);
    announce(`New call: ${title(call)}.`);
    return item;
  }

  /**
   * @param {string} callId
   * @param {HTMLElement} item
   */
  #remove(callId, item) {
    const hadFocus = item.contains(document.activeElement);
    item.remove();
    this.items.delete(callId);
    announce('Call ended.');
    if (hadFocus) {
      byId('inbound-call', HTMLElement).focus();
    }
  }

  /**
   * @param {HTMLElement} item
   * @param {Call} call
   * @param {Map<string, string>} names
   */
  #update(item, call, names) {
    const part = (/** @type {string} */ name) => within(item, `[data-part="${name}"]`, HTMLElement);
    const state = callState(call);
    const article = within(item, 'article', HTMLElement);
    article.setAttribute('data-call-state', state);
    article.setAttribute('aria-label', title(call));
    setText(part('title'), title(call));
    setText(part('state'), STATE_LABELS[state]);
    setTimer(part('timer'), stateSince(call));
    setText(part('summary'), summary(call));
    part('participants').replaceChildren(
      ...present(call).map((party) =>
        element(
          'li',
          {
            'data-testid': 'participant',
            'data-participant-type': party.participantType,
            'data-state': party.state,
          },
          partyLine(party, names),
        ),
      ),
    );
    const isRinging = customer(call)?.state === 'ringing';
    const answers = within(item, '[data-action="customer-answers"]', HTMLButtonElement);
    answers.disabled = !isRinging;
  }
}

/**
 * @param {HTMLElement} item
 * @param {string} path
 */
async function act(item, path) {
  const error = within(item, '[data-part="error"]', HTMLElement);
  clearFailure(error);
  try {
    await request('POST', path);
  } catch (failure) {
    showFailure(error, failure);
  }
}
