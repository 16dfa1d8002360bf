/** "Flows of the Salesforce Simulator": what each Omni-Channel flow answers. */

import { element } from '../shared/dom.js';
import { ActionForm, card } from './action_form.js';
import { setOptions } from './fields.js';
import { Outcome } from './outcome.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./directory.js').Flow} Flow
 */

/** @param {Simulator} simulator */
export function flowsCard(simulator) {
  const { directory } = simulator;
  const outcome = new Outcome('flows');
  const list = element('ul', { class: 'flow-list', 'aria-label': 'Flows' });
  const again = element('button', { type: 'button', class: 'button' }, 'Read Again');
  again.addEventListener('click', () => {
    const read = async () => {
      await directory.read();
      return '';
    };
    void outcome.run(read, { button: again });
  });
  let shown = '';
  const show = () => {
    const names = directory.flows.map((flow) => flow.name).join('\n');
    if (names !== shown) {
      shown = names;
      list.replaceChildren(...directory.flows.map((flow) => flowItem(simulator, flow, outcome)));
    }
    directory.flows.forEach((flow, index) => {
      const item = list.children[index];
      if (item) {
        showFlow(item, flow, simulator);
      }
    });
  };
  directory.watch(show);
  simulator.watch(show);
  void outcome.read(() => directory.read());
  return card(
    'flows',
    'Flows of the Salesforce Simulator',
    element(
      'p',
      { class: 'hint' },
      'Whom each flow chooses, for routed calls and for transfers to a flow. The flow of a phone channel is found by the dialed number; * is any number.',
    ),
    list,
    outcome.element,
    addFlowForm(simulator),
    element('div', { class: 'button-row' }, again),
  );
}

/**
 * @param {Simulator} simulator
 * @param {Flow} flow
 * @param {Outcome} outcome
 */
function flowItem(simulator, { name }, outcome) {
  const { directory } = simulator;
  const id = `flow-${encodeURIComponent(name)}`;
  const select = element('select', { id });
  const numbers = element('input', { id: `${id}-numbers`, type: 'text', autocomplete: 'off' });
  const save = async (/** @type {Partial<Flow>} */ change) => {
    await outcome.run(async () => {
      await directory.changeFlows((flows) =>
        flows.map((flow) => (flow.name === name ? { ...flow, ...change } : flow)),
      );
      return 'Saved.';
    });
    // Also what was refused: it is not so.
    const now = directory.flows.find((flow) => flow.name === name);
    if (now) {
      showFlow(item, now, simulator);
    }
  };
  select.addEventListener('change', () => save({ target: JSON.parse(select.value) }));
  numbers.addEventListener('change', () =>
    save({ phoneNumbers: numbers.value.split(/[\s,;]+/).filter(Boolean) }),
  );
  const item = element(
    'li',
    { class: 'flow' },
    element('label', { for: id }, `${name} chooses`),
    select,
    element('label', { for: `${id}-numbers` }, `Phone channels of ${name}`),
    numbers,
  );
  return item;
}

/**
 * @param {Element} item
 * @param {Flow} flow
 * @param {Simulator} simulator
 */
function showFlow(item, flow, simulator) {
  const select = item.querySelector('select');
  const numbers = item.querySelector('input');
  if (select) {
    setOptions(select, targets(simulator));
    select.value = JSON.stringify(flow.target);
  }
  if (numbers && numbers !== document.activeElement) {
    numbers.value = (flow.phoneNumbers ?? []).join(', ');
  }
}

/**
 * @param {Simulator} simulator
 * @returns {[value: string, label: string][]}
 */
function targets({ agents, directory }) {
  return [
    ...agents.map(({ userName, fullName }) => [
      JSON.stringify({ agentUserName: userName }),
      fullName,
    ]),
    ...directory.queues.map(({ queueId, queueName }) => [
      JSON.stringify({ queue: queueId }),
      `Queue ${queueName}`,
    ]),
  ].map(([value = '', label = '']) => [value, label]);
}

/** @param {Simulator} simulator */
function addFlowForm(simulator) {
  const { directory } = simulator;
  return new ActionForm({
    id: 'new-flow',
    title: 'Another Flow',
    fields: [{ id: 'new-flow-name', label: 'Developer Name', name: 'name', isKept: false }],
    actions: [
      {
        label: 'Add Flow',
        run: async (field) => {
          const name = field('new-flow-name').required;
          const [first] = targets(simulator);
          const target = JSON.parse(first?.[0] ?? '{}');
          await directory.changeFlows((flows) => [...flows, { name, target }]);
          field('new-flow-name').control.value = '';
          return 'Added.';
        },
      },
    ],
  }).part;
}
