/** The head of the softphone: agent, status menu, and what went wrong. */

import { byId, element, setText } from '../shared/dom.js';
import { MenuButton } from '../shared/menu_button.js';
import { tone } from './presence.js';

/** @typedef {import('./omni.js').Omni} Omni */

/**
 * Shows agent and status.
 *
 * @param {Omni} omni
 */
export function showStatus(omni) {
  setText(byId('agent-name', HTMLElement), omni.fullName);
  const menu = new MenuButton(
    byId('status-button', HTMLButtonElement),
    byId('status-menu', HTMLElement),
    (statusId) => omni.setStatus(statusId),
  );
  let shown = '';
  omni.watch(() => {
    const { status } = omni;
    byId('status-dot', HTMLElement).className = `dot dot-${tone(status)}`;
    setText(byId('status-name', HTMLElement), status?.statusName ?? 'Unknown');
    byId('status-button', HTMLButtonElement).disabled = !omni.isReady;
    if (shown !== omni.statusId) {
      shown = omni.statusId;
      const entries = omni.statuses.map((entry) => ({
        value: entry.statusId,
        label: entry.statusName,
        tone: tone(entry),
      }));
      menu.setEntries(entries, omni.statusId);
    }
  });
}

/**
 * Shows errors and notes until they are closed.
 *
 * @param {Omni} omni
 */
export function showToasts(omni) {
  const holder = byId('toasts', HTMLElement);
  /** @type {Map<number, HTMLElement>} */
  const shown = new Map();
  omni.watch(() => {
    const wanted = new Set(omni.toasts.map((toast) => toast.id));
    for (const [id, item] of shown) {
      if (!wanted.has(id)) {
        item.remove();
        shown.delete(id);
      }
    }
    for (const toast of omni.toasts) {
      if (!shown.has(toast.id)) {
        const item = toastItem(toast, () => omni.dismissToast(toast.id));
        shown.set(toast.id, item);
        holder.append(item);
      }
    }
  });
}

/**
 * @param {import('./omni.js').Toast} toast
 * @param {() => void} close
 */
function toastItem(toast, close) {
  return element(
    'div',
    {
      class: `toast toast-${toast.kind}`,
      role: 'group',
      'aria-label': toast.title,
      'data-testid': 'toast',
    },
    element(
      'p',
      {},
      element('strong', { class: 'toast-title' }, toast.title),
      element('span', { class: 'toast-text' }, toast.text),
    ),
    element('button', { type: 'button', class: 'button toast-close', click: close }, 'Dismiss'),
  );
}
