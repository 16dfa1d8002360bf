/** The head of the softphone: agent, status menu, and what went wrong. */

import { byId, element, setText } from '../shared/dom.js';
import { MenuButton } from '../shared/menu_button.js';
import { tone } from './presence.js';

/**
 * @typedef {import('./omni.js').Omni} Omni
 * @typedef {import('./notices.js').Notice} Notice
 */

/**
 * Shows agent and status. On a call the status can be changed only when the telephony system can
 * wait with it (guide chapter 10, "Change Status While on a Call").
 *
 * @param {Omni} omni
 */
export function showStatus(omni) {
  setText(byId('agent-name', HTMLElement), omni.fullName);
  const button = byId('status-button', HTMLButtonElement);
  const menu = new MenuButton(button, byId('status-menu', HTMLElement), (statusId) =>
    omni.setStatus(statusId),
  );
  let shown = '';
  omni.watch(() => {
    const { status, pendingStatus } = omni;
    byId('status-dot', HTMLElement).className = `dot dot-${tone(status)}`;
    setText(byId('status-name', HTMLElement), status?.statusName ?? 'Unknown');
    const pending = byId('pending-status', HTMLElement);
    pending.hidden = pendingStatus === null;
    setText(pending, pendingStatus ? `Then: ${pendingStatus.statusName}` : '');
    const isFixed = omni.isOnCall && omni.capabilities.PENDING_STATUS_CHANGE !== true;
    button.disabled = !omni.isReady || isFixed;
    byId('status-note', HTMLElement).hidden = omni.isStatusSynced;
    const chosen = pendingStatus?.statusId ?? omni.statusId;
    if (shown !== chosen) {
      shown = chosen;
      const entries = omni.statuses.map((entry) => ({
        value: entry.statusId,
        label: entry.statusName,
        tone: tone(entry),
      }));
      menu.setEntries(entries, chosen);
    }
  });
}

/**
 * Shows errors and notes until they are closed.
 *
 * @param {Omni} omni
 */
export function showNotices(omni) {
  const holder = byId('toasts', HTMLElement);
  /** @type {Map<number, HTMLElement>} */
  const shown = new Map();
  omni.watch(() => {
    const { items } = omni.notices;
    const wanted = new Set(items.map((notice) => notice.id));
    for (const [id, item] of shown) {
      if (!wanted.has(id)) {
        item.remove();
        shown.delete(id);
      }
    }
    for (const notice of items) {
      if (!shown.has(notice.id)) {
        const item = noticeItem(notice, () => omni.notices.dismiss(notice.id));
        shown.set(notice.id, item);
        holder.append(item);
      }
    }
  });
}

/**
 * @param {Notice} notice
 * @param {() => void} close
 */
function noticeItem(notice, close) {
  return element(
    'div',
    {
      class: `toast toast-${notice.kind}`,
      role: 'group',
      'aria-label': notice.title,
      'data-testid': 'toast',
    },
    element(
      'p',
      {},
      element('strong', { class: 'toast-title' }, notice.title),
      element('span', { class: 'toast-text' }, notice.text),
    ),
    element('button', { type: 'button', class: 'button toast-close', click: close }, 'Dismiss'),
  );
}
