/** The tab "Agent": status, phone, sign-in and after-conversation work of the chosen agent. */

import { element } from '../shared/dom.js';
import { cleanNumber } from '../shared/phone_numbers.js';
import { ActionForm, card } from './action_form.js';
import { agentWorkCard } from './agent_work_card.js';
import { setOptions } from './fields.js';
import { LiveField } from './live_fields.js';
import { Outcome } from './outcome.js';
import { StatusMap } from './status_map.js';
import { statusMapCard } from './status_map_card.js';

/** @typedef {import('./simulator.js').Simulator} Simulator */

/**
 * @param {Simulator} simulator
 * @param {HTMLElement} panel of the tab
 * @returns {HTMLElement[]}
 */
export function agentPanel(simulator, panel) {
  const statusMap = new StatusMap();
  return [
    statusForm(simulator, statusMap),
    phoneForm(simulator),
    agentWorkCard(simulator, panel),
    workForm(simulator),
    loginCard(simulator),
    statusMapCard(statusMap),
  ];
}

/**
 * @param {Simulator} simulator
 * @param {StatusMap} statusMap
 */
function statusForm(simulator, statusMap) {
  const form = new ActionForm({
    id: 'agent-status',
    title: 'Agent Status',
    help: 'The telephony system changes the status; Salesforce follows (SET_AGENT_STATUS). During a call it counts when the call is over.',
    fields: [
      { id: 'status-id', label: 'Salesforce Status', kind: 'select', name: 'statusId' },
      {
        id: 'telephony-status',
        label: 'Telephony Status',
        kind: 'select',
        name: 'telephonyStatus',
        help: 'Translated into a Salesforce status by the table below.',
      },
    ],
    actions: [
      {
        label: 'Set Salesforce Status',
        run: async (field) => {
          await simulator.askAgent('POST', 'status', { statusId: field('status-id').required });
          return 'The status is asked for.';
        },
      },
      {
        label: 'Set Telephony Status',
        run: async (field) => {
          const telephonyStatus = field('telephony-status').required;
          await simulator.askAgent('POST', 'status', { telephonyStatus });
          return 'The status is asked for.';
        },
      },
    ],
  });
  const select = (/** @type {string} */ id) =>
    /** @type {HTMLSelectElement} */ (form.field(id).control);
  statusMap.watch(() => {
    setOptions(
      select('status-id'),
      statusMap.entries.map(({ statusId, statusName }) => [statusId, statusName]),
    );
    setOptions(
      select('telephony-status'),
      statusMap.telephonyStatuses.map((name) => [name, name]),
    );
  });
  return form.card;
}

/** @param {Simulator} simulator */
function phoneForm(simulator) {
  const form = new ActionForm({
    id: 'agent-phone',
    title: 'Phone',
    help: 'Where the agent hears calls. With the desk phone, calls ring there, and the softphone only shows them.',
    fields: [
      {
        id: 'phone-type',
        label: 'Phone Type',
        kind: 'select',
        name: 'type',
        isKept: false,
        options: [
          ['SOFT_PHONE', 'Soft phone'],
          ['DESK_PHONE', 'Desk phone (hard phone)'],
        ],
      },
      {
        id: 'desk-phone-number',
        label: 'Desk Phone Number',
        kind: 'tel',
        name: 'number',
        value: '+12025550111',
      },
    ],
    actions: [
      {
        label: 'Save Phone',
        run: async (field) => {
          const type = field('phone-type').text;
          const number = cleanNumber(field('desk-phone-number').text);
          const phone = type === 'DESK_PHONE' ? { type, number } : { type };
          await simulator.askAgent('PUT', 'phone', phone);
          return 'Saved.';
        },
      },
    ],
  });
  const type = form.field('phone-type').control;
  const number = form.field('desk-phone-number').control;
  let shown = '';
  simulator.watch(() => {
    const phone = simulator.agent?.selectedPhone;
    const told = JSON.stringify([simulator.userName, phone]);
    if (phone && told !== shown) {
      shown = told;
      type.value = phone.type;
      number.value = phone.number ?? number.value;
    }
  });
  return form.card;
}

/** @param {Simulator} simulator */
function workForm(simulator) {
  const tell = (/** @type {boolean} */ started) => ({
    run: async (/** @type {(id: string) => import('./fields.js').Field} */ field) => {
      await simulator.askAgent('POST', 'after-conversation-work', {
        started,
        agentWorkId: field('agent-work-id').optional,
        workItemId: field('work-item-id').optional,
      });
      return started ? 'The work began.' : 'The work is over.';
    },
  });
  return new ActionForm({
    id: 'after-work',
    title: 'After-Conversation Work',
    help: 'The telephony system says when the agent wraps up a conversation. One of the two ids is enough.',
    fields: [
      { id: 'agent-work-id', label: 'Agent Work ID', name: 'agentWorkId' },
      { id: 'work-item-id', label: 'Work Item ID', name: 'workItemId' },
    ],
    actions: [
      { label: 'Start After-Conversation Work', ...tell(true) },
      { label: 'End After-Conversation Work', ...tell(false) },
    ],
  }).card;
}

/** @param {Simulator} simulator */
function loginCard(simulator) {
  const outcome = new Outcome('login');
  const check = (
    /** @type {'showsLogin' | 'isSilentLogin'} */ name,
    /** @type {string} */ label,
    /** @type {string} */ help,
  ) =>
    new LiveField(
      simulator,
      {
        field: { id: `login-${name}`, label, help, kind: 'check', name },
        read: () => simulator.settings?.[name],
        change: (value) => simulator.changeSettings({ [name]: value }),
      },
      outcome,
    ).element;
  const makeCode = element('button', { type: 'button', class: 'button' }, 'Make Sign-In Code');
  makeCode.addEventListener('click', () => {
    void outcome.run(
      async () => {
        const { code } = await simulator.askAgent('POST', 'sign-in-code', {});
        return `Code for the login page, good once: ${code}`;
      },
      { button: makeCode },
    );
  });
  const logOut = element('button', { type: 'button', class: 'button' }, 'Log Out Agent');
  logOut.addEventListener('click', () => {
    void outcome.run(
      async () => {
        await simulator.askAgent('POST', 'log-out', {});
        return 'The session is over.';
      },
      { button: logOut },
    );
  });
  return card(
    'login',
    'Login Settings',
    check(
      'showsLogin',
      'Show telephony login screen',
      'For all agents, when their page loads the next time. Otherwise single sign-on is used.',
    ),
    check(
      'isSilentLogin',
      'Silent login',
      'No login is shown: the softphone waits until the agent logs in on another page, such as login.html in a tab of its own, and comes back.',
    ),
    element('div', { class: 'button-row' }, makeCode, logOut),
    element('p', { class: 'hint' }, '“Log Out Agent” ends the session, as when it times out.'),
    outcome.element,
  );
}
