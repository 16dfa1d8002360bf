/** Our simulator of the Omni-Channel softphone: plays Salesforce's side of the Connector API. */

import { byId, element } from '../shared/dom.js';
import { describeError, request } from '../shared/http.js';
import { Tabs } from '../shared/tabs.js';
import { runTimers } from '../shared/time.js';
import { acceptAutomatically } from './auto_accept.js';
import { isOffered } from './calls.js';
import { receive } from './connector_messages.js';
import { ConnectorPort } from './connector_port.js';
import { showContacts } from './contacts_view.js';
import { showDialer } from './dialer_view.js';
import { installIcons } from './icons.js';
import { showMessages } from './messages_view.js';
import { Omni } from './omni.js';
import { PhoneView } from './phone_view.js';
import { parseStatuses } from './presence.js';
import { showPreviews } from './preview_view.js';
import { ProtocolLog } from './protocol_log.js';
import { showProtocolLog } from './protocol_log_view.js';
import { showSettings } from './settings_view.js';
import { shortcutActions } from './shortcut_actions.js';
import { Shortcuts } from './shortcuts.js';
import { showNotices, showStatus } from './status_view.js';
import { SupervisorView } from './supervisor_view.js';
import { TransferView } from './transfer_view.js';
import { keepVoiceCalls } from './voice_call_desk.js';
import { VoiceCallView } from './voice_call_view.js';
import { WorkDesk } from './work_desk.js';
import { showWork } from './work_view.js';
import { showWrapUp } from './wrap_up_view.js';

const CONNECTOR_PAGE = '/connector.html';
const LOGIN_PAGE = '/login.html';

/** Lets the reader choose an agent: each is a link to this page. */
async function showChooser() {
  byId('chooser', HTMLElement).hidden = false;
  try {
    const users = await request('GET', '/demo/v1/users');
    byId('chooser-list', HTMLElement).append(
      ...users.map((/** @type {{ userName: string, fullName: string }} */ user) =>
        element(
          'li',
          {},
          element(
            'a',
            { class: 'choice', href: `?user=${encodeURIComponent(user.userName)}` },
            element('strong', {}, user.fullName),
            element('span', { class: 'hint' }, user.userName),
          ),
        ),
      ),
    );
  } catch (error) {
    const { code, message } = describeError(error);
    byId('chooser-error', HTMLElement).textContent = `${code}: ${message}`;
  }
}

/**
 * Starts the softphone of one agent.
 *
 * @param {string} user
 */
async function startSoftphone(user) {
  byId('console', HTMLElement).hidden = false;
  const log = new ProtocolLog();
  Object.assign(window, { scvProtocolLog: log.entries });
  showProtocolLog(log);
  const config = await request('GET', `/demo/v1/connector-config?user=${encodeURIComponent(user)}`);
  const port = new ConnectorPort(byId('connector-frame', HTMLIFrameElement), log, {
    onMessage: (message) => {
      receive(omni, message);
      omni.tell('record');
    },
    onHandshake: () => {
      omni.phase = 'starting';
      omni.forgetWork();
      omni.changed();
    },
  });
  const omni = new Omni({
    userName: config.userName ?? user,
    fullName: config.userFullName ?? user,
    statuses: parseStatuses(config.userPresenceStatuses),
    isAfterCallWorkOn: config.isACWAllowed !== false,
    sendMessage: (message) => port.send(message),
  });
  showAll(omni, config.scvVendorLoginUrl || LOGIN_PAGE, () => port.reload());
  port.load(config['/reqGeneralInfo/reqAdapterUrl'] || CONNECTOR_PAGE, config);
}

/**
 * @param {Omni} omni
 * @param {string} loginAddress
 * @param {() => void} onRetry
 */
function showAll(omni, loginAddress, onRetry) {
  const tabs = new Tabs(byId('tabs', HTMLElement));
  const showPhone = () => tabs.show('tab-phone');
  const isOpen = (/** @type {string} */ panel) => () => !byId(panel, HTMLElement).hidden;
  omni.on('show phone', showPhone);
  keepVoiceCalls(omni);
  const desk = new WorkDesk(omni);
  showStatus(omni);
  showNotices(omni);
  const phone = new PhoneView(omni, { loginAddress, onRetry });
  new TransferView(omni);
  showDialer(omni);
  showWrapUp(omni);
  showPreviews(omni);
  showContacts(omni);
  new SupervisorView(omni, isOpen('panel-supervisor'));
  showMessages(omni, isOpen('panel-messages'));
  showWork(omni, desk);
  showSettings(omni);
  acceptAutomatically(omni);
  new VoiceCallView(omni);
  byId('show-supervisor', HTMLButtonElement).addEventListener('click', () => {
    tabs.show('tab-supervisor');
    byId('tab-supervisor', HTMLElement).focus();
  });
  const actions = shortcutActions(omni, phone, showPhone);
  const shortcuts = new Shortcuts({ ...actions, help: () => shortcuts.help() });
  bringCallsToFront(omni, showPhone);
  leaveHiddenTabs(tabs, omni);
  runTimers(document);
}

/**
 * A call that comes in must be seen, whatever tab is open.
 *
 * @param {Omni} omni
 * @param {() => void} showPhone
 */
function bringCallsToFront(omni, showPhone) {
  /** @type {Set<string>} */
  let known = new Set();
  omni.watch(() => {
    const offered = [...omni.calls].filter(([, call]) => isOffered(call)).map(([id]) => id);
    if (offered.some((id) => !known.has(id))) {
      showPhone();
    }
    known = new Set(offered);
  });
}

/**
 * A tab whose feature was switched off cannot stay in front.
 *
 * @param {Tabs} tabs
 * @param {Omni} omni
 */
function leaveHiddenTabs(tabs, omni) {
  omni.watch(() => {
    const front = tabs.tabs.find((tab) => tab.getAttribute('aria-selected') === 'true');
    if (front?.hidden) {
      tabs.show('tab-phone');
    }
  });
}

installIcons();
const user = new URLSearchParams(location.search).get('user');
if (user) {
  startSoftphone(user).catch((/** @type {unknown} */ error) => {
    const { code, message } = describeError(error);
    const state = byId('phone-state', HTMLElement);
    state.setAttribute('data-phase', 'failed');
    state.textContent = `The softphone couldn’t be started. ${code}: ${message}`;
  });
} else {
  void showChooser();
}
