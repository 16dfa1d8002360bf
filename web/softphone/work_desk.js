/** Work that Omni-Channel gives the agent: what is there, and what the agent does with it. */

import { alertReader, announce } from '../shared/announcer.js';
import { describeError } from '../shared/http.js';
import { changeWork, overview, workItems } from './salesforce.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./salesforce.js').WorkItem} WorkItem
 * @typedef {import('./types.js').Contact} Contact
 * @typedef {{ work: WorkItem, contact: Contact }} Passing
 */

const LOOK_EVERY_MS = 2500;
const OPEN = ['ASSIGNED', 'ACCEPTED'];

/** What the connector is told about each step (connector-api.md 2.8, WORK_EVENT). */
const EVENTS = /** @type {const} */ ({
  accept: 'ACCEPTED',
  decline: 'DECLINED',
  close: 'CLOSED',
});

/** The name of each type of work in words. @type {Record<string, string>} */
const KINDS = { Voicemail: 'Voicemail', ContactRequest: 'Contact request' };

/** @param {WorkItem} item */
export function workTitle(item) {
  const kind = KINDS[item.type] ?? item.type;
  const who = item.name || item.phoneNumber;
  return who ? `${kind} from ${who}` : kind;
}

/** Asks Salesforce for the agent's work and passes the agent's decisions on. */
export class WorkDesk {
  /** @param {Omni} omni */
  constructor(omni) {
    this.omni = omni;
    /** The contact request that is being passed on. @type {Passing | null} */
    this.passing = null;
    omni.on('ready', () => void this.look());
    omni.on('work is passed on', (passing) => {
      this.passing = passing;
    });
    omni.on('work was passed on', () => void this.#passedOn());
    setInterval(() => {
      if (omni.isReady && !document.hidden) {
        void this.look();
      }
    }, LOOK_EVERY_MS);
  }

  /** Reads the open work; what is new is said to the agent and the connector. */
  async look() {
    const { omni } = this;
    let found;
    try {
      found = await workItems(omni.userName);
    } catch {
      return; // Asked again soon; what is shown stays.
    }
    // A routed call is answered on its card.
    const open = found.filter((item) => item.type !== 'VoiceCall' && OPEN.includes(item.status));
    const isSame = JSON.stringify(open) === JSON.stringify(omni.workItems);
    omni.workItems = open;
    for (const item of open) {
      this.#greet(item);
    }
    if (!isSame) {
      omni.changed();
    }
  }

  /** @param {WorkItem} item */
  #greet(item) {
    const { memory, isReady } = this.omni;
    if (item.status === 'ASSIGNED' && isReady && !memory.hasWork(item.workId)) {
      memory.keepWork(item.workId);
      this.#report(item, 'ASSIGNED');
      alertReader(`New work: ${workTitle(item)}.`);
    }
  }

  /**
   * @param {WorkItem} item
   * @param {keyof typeof EVENTS} step
   */
  async act(item, step) {
    if (!this.omni.busy.occupy('work', item.workId)) {
      return;
    }
    this.omni.changed();
    if (await this.#change(item, step, {})) {
      this.#report(item, EVENTS[step]);
      announce(`${workTitle(item)}: ${EVENTS[step].toLowerCase()}.`);
    }
    await this.look();
  }

  /** The telephony system has a new one for the contact request: Salesforce moves it along. */
  async #passedOn() {
    if (this.passing === null) {
      return;
    }
    const { work, contact } = this.passing;
    this.passing = null;
    /** @type {Record<string, string>} */
    const target =
      contact.type === 'Agent'
        ? { userName: await userNameOf(contact) }
        : { queue: contact.id ?? contact.name ?? '' };
    if (await this.#change(work, 'transfer', target)) {
      this.#report(work, 'CLOSED');
    }
    await this.look();
  }

  /**
   * @param {WorkItem} item
   * @param {keyof typeof EVENTS | 'transfer'} step
   * @param {Record<string, string>} details
   */
  async #change(item, step, details) {
    try {
      await changeWork(item.workId, step, details);
      return true;
    } catch (error) {
      const { code, message } = describeError(error);
      this.omni.notices.add('error', code, message);
      return false;
    } finally {
      this.omni.busy.free('work');
      this.omni.changed();
    }
  }

  /**
   * @param {WorkItem} item
   * @param {string} workEvent
   */
  #report({ workItemId, workId }, workEvent) {
    const agentWork = { workItemId, workId, workEvent };
    this.omni.sendMessage({ type: 'AGENT_WORK_EVENT', agentWork });
  }
}

/**
 * The Salesforce user behind a contact of the telephony system.
 *
 * @param {Contact} contact
 * @returns {Promise<string>}
 */
async function userNameOf(contact) {
  const { agents } = await overview();
  const found = agents.find(
    (agent) => agent.agentId === contact.id || agent.fullName === contact.name,
  );
  return found?.userName ?? contact.id ?? '';
}
