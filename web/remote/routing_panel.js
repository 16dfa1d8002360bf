/** The tab "Routing": how Salesforce's flows choose who gets a call. */

import { element } from '../shared/dom.js';
import { cleanNumber } from '../shared/phone_numbers.js';
import { ActionForm } from './action_form.js';
import { flowsCard } from './flows_card.js';

/** @typedef {import('./simulator.js').Simulator} Simulator */

/** What inbound calls say of their routing when a flow is to choose the agent. */
export class RoutingForm {
  /** @param {Simulator} simulator */
  constructor(simulator) {
    this.form = new ActionForm({
      id: 'routing',
      title: 'Routing Settings',
      help: 'For inbound calls of the tab Calls with “Whom the Omni-Channel flow chooses”. They are kept in this tab.',
      fields: [
        {
          id: 'routing-mode',
          label: 'Who Routes',
          kind: 'select',
          options: [
            [
              'federated',
              'Federated: the flow names a queue or agent, the telephony system routes',
            ],
            ['unified', 'Unified: the agent whom the flow names, and nobody else'],
          ],
          help: 'When the flow names a queue, the telephony system chooses the agent, either way.',
        },
        {
          id: 'routing-flow',
          label: 'Flow (Developer Name)',
          name: 'routing.flowDevName',
          value: 'Route_To_Support',
          more: { list: 'flow-names' },
        },
        {
          id: 'routing-fallback',
          label: 'Fallback Queue',
          name: 'routing.fallbackQueue',
          help: 'Where the call goes when the flow fails.',
          more: { list: 'queue-ids' },
        },
        {
          id: 'routing-number',
          label: 'Dialed Number',
          kind: 'tel',
          name: 'routing.dialedNumber',
          help: 'Salesforce looks for a phone channel with this number first. May be empty.',
        },
      ],
    });
    const flowNames = element('datalist', { id: 'flow-names' });
    const queueIds = element('datalist', { id: 'queue-ids' });
    this.card = this.form.card;
    this.card.append(flowNames, queueIds);
    simulator.directory.watch(() => {
      const { flows, queues } = simulator.directory;
      flowNames.replaceChildren(...flows.map(({ name }) => element('option', { value: name })));
      queueIds.replaceChildren(
        ...queues.map(({ queueId, queueName }) => element('option', { value: queueId }, queueName)),
      );
    });
  }

  /** @returns {Record<string, unknown>} as inbound calls carry it */
  get wire() {
    return {
      isUnified: this.form.field('routing-mode').text === 'unified',
      flowDevName: this.form.field('routing-flow').optional,
      fallbackQueue: this.form.field('routing-fallback').optional,
      dialedNumber: cleanNumber(this.form.field('routing-number').text) || undefined,
    };
  }
}

/**
 * @param {Simulator} simulator
 * @param {RoutingForm} routing
 * @returns {HTMLElement[]}
 */
export function routingPanel(simulator, routing) {
  return [routing.card, flowsCard(simulator)];
}
