/** The tab "Calls": what begins a call, from outside or at the agent's desk phone. */

import { element } from '../shared/dom.js';
import { request } from '../shared/http.js';
import { cleanNumber } from '../shared/phone_numbers.js';
import { ActionForm } from './action_form.js';
import { CALL_KEYS } from './call_keys.js';
import { FieldError } from './fields.js';
import { nextDialCard } from './next_dial_card.js';

/**
 * @typedef {import('./simulator.js').Simulator} Simulator
 * @typedef {import('./fields.js').Field} Field
 * @typedef {(id: string) => Field} Fields
 */

/** What each button does, for whoever does not know the terms. @type {[string, string][]} */
const BUTTONS = [
  ['Inbound Call', 'A customer with this number calls the contact center.'],
  [
    'Progressive Dialer',
    'The telephony system calls the customer first; when the customer answers, the call comes to an agent like an inbound one.',
  ],
  ['Outbound Call', 'The agent calls this number at the desk phone.'],
  ['Add Participant', 'The agent brings this number into the call, at the desk phone.'],
  [
    'Callback',
    'A customer asked to be called back: an agent is offered the callback, and accepting it dials the number.',
  ],
  [
    'Preview Dialer',
    'Also called push dialer: a component of the agent’s page shows the number, and the agent decides when to dial.',
  ],
  [
    'Contact Request',
    'A customer asked for a callback on a web page: the agent gets the request as a work item and can pass it on.',
  ],
];

/**
 * @param {Simulator} simulator
 * @param {import('./routing_panel.js').RoutingForm} routing
 * @returns {HTMLElement[]}
 */
export function callsPanel(simulator, routing) {
  const inbound = inboundOf(simulator, routing);
  const form = new ActionForm({
    id: 'inbound',
    title: 'Call Simulator',
    fields: FIELDS,
    actions: [
      { label: 'Inbound Call', tone: 'brand', id: 'inbound-call', run: inbound({}) },
      { label: 'Progressive Dialer', run: inbound({ dialer: 'progressive' }) },
      {
        label: 'Outbound Call',
        run: (field) =>
          atDeskPhone(
            simulator,
            'dial',
            { phoneNumber: number(field), additionalFields: field('additional-fields').json },
            'The desk phone dials.',
          ),
      },
      {
        label: 'Add Participant',
        run: (field) =>
          atDeskPhone(
            simulator,
            'add_participant',
            { phoneNumber: number(field), callId: callIdOf(simulator) },
            'The number is being called.',
          ),
      },
      { label: 'Callback', run: (field) => callBack(simulator, field) },
      {
        label: 'Preview Dialer',
        run: (field) => about(simulator, 'previews', field, 'The agent’s page shows the number.'),
      },
      {
        label: 'Contact Request',
        run: (field) => about(simulator, 'contact-requests', field, 'The agent gets the request.'),
      },
    ],
  });
  form.card.querySelector('.card-body')?.append(explanations());
  return [form.card, nextDialCard(simulator)];
}

/** @type {import('./fields.js').FieldSpec[]} */
const FIELDS = [
  {
    id: 'phone-number',
    label: 'Phone Number',
    kind: 'tel',
    value: '+14155550123',
    name: ['from', 'phoneNumber', 'contact'],
  },
  {
    id: 'call-goes-to',
    label: 'Who Gets the Call',
    kind: 'select',
    name: 'userName',
    options: [
      ['agent', 'The agent chosen above, when free'],
      ['longest', 'Who is available for longest'],
      ['flow', 'Whom the Omni-Channel flow chooses (tab Routing)'],
    ],
    help: 'For Inbound Call, Progressive Dialer and Callback; no flow chooses who calls back. The other buttons mean the agent chosen above.',
  },
  {
    id: 'additional-fields',
    label: 'Additional Fields',
    kind: 'json',
    name: 'additionalFields',
    help: 'Fields of the VoiceCall record as JSON, such as {"Priority__c": "High"}. For inbound and progressive calls from the start; for outbound calls and callbacks Salesforce gets them when the call is over. The other buttons make no VoiceCall.',
    isMore: true,
  },
  {
    id: 'called-number',
    label: 'Called Number',
    kind: 'tel',
    name: 'to',
    help: 'Which number of the contact center is called; empty is the usual one.',
    isMore: true,
  },
  {
    id: 'initial-call-id',
    label: 'Initial Call ID',
    name: 'initialCallId',
    help: 'For a callback: the call in which the customer asked for it. May be empty.',
    more: { list: CALL_KEYS },
    isMore: true,
  },
  {
    id: 'customer-name',
    label: 'Customer Name',
    name: 'name',
    help: 'Shown with a preview or a contact request.',
    isMore: true,
  },
];

/** @param {Fields} field */
function number(field) {
  return cleanNumber(field('phone-number').required);
}

/** @param {Simulator} simulator the agent's call; the server refuses when there is none */
function callIdOf(simulator) {
  return simulator.agentCalls.at(-1)?.callId;
}

/**
 * @param {Simulator} simulator
 * @param {import('./routing_panel.js').RoutingForm} routing
 * @returns {(more: { dialer?: string }) => (field: Fields) => Promise<string>}
 */
function inboundOf(simulator, routing) {
  return (more) => async (field) => {
    const goesTo = field('call-goes-to').text;
    await request('POST', '/demo/v1/inbound-calls', {
      from: number(field),
      to: cleanNumber(field('called-number').text) || undefined,
      userName: goesTo === 'agent' ? simulator.userName : undefined,
      routing: goesTo === 'flow' ? routing.wire : undefined,
      additionalFields: field('additional-fields').json,
      ...more,
    });
    return 'The call is on its way.';
  };
}

/**
 * @param {Simulator} simulator
 * @param {string} action
 * @param {Record<string, unknown>} details
 * @param {string} said
 */
async function atDeskPhone(simulator, action, details, said) {
  await simulator.deskPhone(action, details);
  return said;
}

/**
 * @param {Simulator} simulator
 * @param {Fields} field
 */
async function callBack(simulator, field) {
  const goesTo = field('call-goes-to');
  if (goesTo.text === 'flow') {
    // Salesforce makes the VoiceCall, which a flow would route, when an agent has the callback.
    throw new FieldError(goesTo, 'No flow chooses who calls back: choose the agent, or longest.');
  }
  await request('POST', '/demo/v1/callbacks', {
    phoneNumber: number(field),
    userName: goesTo.text === 'agent' ? simulator.userName : undefined,
    initialCallId: field('initial-call-id').optional,
    additionalFields: field('additional-fields').json,
  });
  return 'The callback is on its way.';
}

/**
 * @param {Simulator} simulator
 * @param {string} path
 * @param {Fields} field
 * @param {string} said
 */
async function about(simulator, path, field, said) {
  await request('POST', `/demo/v1/${path}`, {
    phoneNumber: number(field),
    userName: simulator.userName,
    name: field('customer-name').optional,
  });
  return said;
}

function explanations() {
  return element(
    'details',
    { class: 'more' },
    element('summary', {}, 'What the Buttons Do'),
    element(
      'dl',
      { class: 'terms' },
      ...BUTTONS.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)]),
    ),
  );
}
