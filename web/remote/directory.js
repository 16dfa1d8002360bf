/** Queues, flows and contacts that calls can be sent to. */

import { request } from '../shared/http.js';

/**
 * @typedef {{ queueId: string, queueName: string }} Queue
 * @typedef {{ contactId: string, name: string }} Contact
 * @typedef {{ agentUserName?: string, queue?: string }} FlowTarget
 * @typedef {{ name: string, target: FlowTarget, phoneNumbers?: string[] }} Flow
 */

const QUEUES = '/demo/v1/queues';
const PHONE_BOOK = '/demo/v1/phone-book';
const FLOWS = '/salesforce-simulator/ui/flows';

/** What the contact center and the simulated Salesforce told of them. */
export class Directory {
  constructor() {
    /** @type {Queue[]} */
    this.queues = [];
    /** @type {Contact[]} */
    this.contacts = [];
    /** @type {Flow[]} */
    this.flows = [];
    /** @type {Set<() => void>} */
    this.watchers = new Set();
  }

  /** @param {() => void} watcher called now and after every change */
  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
  }

  /** Reads all of them. */
  async read() {
    const [queues, contacts, flows] = await Promise.all(
      [QUEUES, PHONE_BOOK, FLOWS].map((path) => request('GET', path)),
    );
    this.queues = queues ?? [];
    this.contacts = contacts ?? [];
    this.#setFlows(flows ?? []);
  }

  /**
   * Changes what the simulated Salesforce plays from now on. Another page may have changed it since
   * this one read it, so that it is read again.
   *
   * @param {(flows: Flow[]) => Flow[]} change
   */
  async changeFlows(change) {
    const flows = (await request('GET', FLOWS)) ?? [];
    this.#setFlows(await request('PUT', FLOWS, change(flows)));
  }

  /**
   * @param {string} kind a contact type
   * @param {import('./types.js').Agent[]} agents who may be chosen
   * @returns {[id: string, name: string][]}
   */
  entries(kind, agents) {
    switch (kind) {
      case 'Agent':
        return agents.map((agent) => [agent.agentId, agent.fullName]);
      case 'Queue':
        return this.queues.map(({ queueId, queueName }) => [queueId, queueName]);
      case 'PhoneBook':
        return this.contacts.map(({ contactId, name }) => [contactId, name]);
      case 'Flow':
        return this.flows.map(({ name }) => [name, name]);
      default:
        return [];
    }
  }

  /** @param {Flow[]} flows */
  #setFlows(flows) {
    this.flows = flows;
    for (const watcher of this.watchers) {
      watcher();
    }
  }
}
