/** The Work tab: voicemails, contact requests, and after-conversation work. */

import { byId, element, setText } from '../shared/dom.js';
import { showNumber } from '../shared/phone_numbers.js';
import { formatTime, setTimer } from '../shared/time.js';
import { dialContact } from './omni_actions.js';
import { workTitle } from './work_desk.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./salesforce.js').WorkItem} WorkItem
 * @typedef {import('./work_desk.js').WorkDesk} WorkDesk
 */

/**
 * Shows the agent's work.
 *
 * @param {Omni} omni
 * @param {WorkDesk} desk
 */
export function showWork(omni, desk) {
  const list = byId('work-list', HTMLElement);
  const badge = byId('work-badge', HTMLElement);
  let shown = '';
  omni.watch(() => {
    const { workItems, busy, isReady, isOnCall } = omni;
    const isBusy = busy.has('work');
    const waiting = workItems.filter((item) => item.status === 'ASSIGNED').length;
    badge.hidden = waiting === 0;
    setText(badge, String(waiting));
    byId('no-work', HTMLElement).hidden = workItems.length > 0;
    const state = JSON.stringify([workItems, isBusy, isReady, isOnCall]);
    if (shown !== state) {
      shown = state;
      const focused = document.activeElement?.getAttribute('data-work-control');
      list.replaceChildren(...workItems.map((item) => workCard(omni, desk, item)));
      if (focused) {
        const same = list.querySelector(`[data-work-control="${CSS.escape(focused)}"]`);
        const target = same ?? list.querySelector('button') ?? byId('panel-work', HTMLElement);
        /** @type {HTMLElement} */ (target).focus();
      }
    }
  });
  showConversationWork(omni);
}

/**
 * @param {Omni} omni
 * @param {WorkDesk} desk
 * @param {WorkItem} item
 */
function workCard(omni, desk, item) {
  const title = workTitle(item);
  const isOffered = item.status === 'ASSIGNED';
  const buttons = isOffered
    ? [
        control(omni, item, 'Accept', () => void desk.act(item, 'accept')),
        control(omni, item, 'Decline', () => void desk.act(item, 'decline')),
      ]
    : acceptedControls(omni, desk, item);
  const details = [
    item.phoneNumber ? showNumber(item.phoneNumber) : '',
    item.queue ? `from ${item.queue}` : '',
    `at ${formatTime(Date.parse(item.at))}`,
    isOffered ? 'waits for you' : 'accepted',
  ];
  return element(
    'li',
    { class: 'work-item', 'data-testid': 'work-item', 'data-status': item.status },
    element('h3', {}, title),
    element('p', { class: 'hint' }, details.filter(Boolean).join(' · ')),
    element('div', { class: 'button-row' }, ...buttons),
  );
}

/**
 * @param {Omni} omni
 * @param {WorkDesk} desk
 * @param {WorkItem} item
 */
function acceptedControls(omni, desk, item) {
  const buttons = [];
  if (item.voiceCallId) {
    buttons.push(
      control(omni, item, 'Open Record of', () => {
        omni.memory.voiceCallKey = item.voiceCallId ?? null;
        omni.tell('record');
      }),
    );
  }
  if (item.type === 'ContactRequest') {
    const contact = { type: 'PhoneNumber', phoneNumber: item.phoneNumber, name: item.name };
    const call = control(omni, item, 'Call Back', () => {
      dialContact(omni, contact, 'isCallback=true');
      omni.tell('show phone');
    });
    call.disabled ||= omni.isOnCall || !item.phoneNumber;
    const transfer = control(omni, item, 'Transfer', () =>
      omni.tell('transfer view', { work: item }),
    );
    transfer.disabled ||= omni.isOnCall;
    buttons.push(call, transfer);
  }
  buttons.push(control(omni, item, 'Close', () => void desk.act(item, 'close')));
  return buttons;
}

/**
 * @param {Omni} omni
 * @param {WorkItem} item
 * @param {string} label
 * @param {() => void} act
 */
function control(omni, item, label, act) {
  return element(
    'button',
    {
      type: 'button',
      class: 'button',
      'aria-label': `${label} ${workTitle(item)}`,
      'data-work-control': `${label} ${item.workId}`,
      disabled: omni.busy.has('work') || !omni.isReady,
      click: act,
    },
    label.replace(' of', ''),
  );
}

/**
 * Work after a conversation, by its work item (guide chapter 11).
 *
 * @param {Omni} omni
 */
function showConversationWork(omni) {
  const list = byId('conversation-work-list', HTMLElement);
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  omni.on('conversation work', ({ agentWorkId, workItemId, isOver }) => {
    const key = String(agentWorkId ?? workItemId);
    rows.get(key)?.remove();
    rows.delete(key);
    if (!isOver) {
      const timer = element('time', { class: 'timer' });
      setTimer(timer, Date.now());
      const row = element(
        'li',
        { class: 'work-item', 'data-testid': 'conversation-work' },
        element('h3', {}, 'After-Conversation Work'),
        element('p', { class: 'call-line' }, element('span', {}, key), timer),
      );
      rows.set(key, row);
      list.append(row);
    }
  });
}
