/** Queues and flows that calls can be sent to. */

import { request } from '../shared/http.js';

/**
 * @typedef {{ queueId: string, queueName: string }} Queue
 * @typedef {{ agentUserName?: string, queue?: string }} FlowTarget
 * @typedef {{ name: string, target: FlowTarget, phoneNumbers?: string[] }} Flow
 */

const QUEUES = '/demo/v1/queues';
const FLOWS = '/salesforce-simulator/ui/flows';

/** What the contact center and the simulated Salesforce told of them. */
export class Directory {
  constructor() {
    /** @type {Queue[]} */
    this.queues = [];
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

  /** Reads queues and flows. */
  async read() {
    const [queues, flows] = await Promise.all([request('GET', QUEUES), request('GET', FLOWS)]);
    this.queues = queues ?? [];
    this.#setFlows(flows ?? []);
  }

  /** @param {Flow[]} flows what the simulated Salesforce plays from now on */
  async saveFlows(flows) {
    this.#setFlows(await request('PUT', FLOWS, flows));
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
