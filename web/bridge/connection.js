/** The border to Python, as the page sees it: JSON texts both ways (design.md, rule 9). */
import { listAudioDevices } from './audio_devices.js';
import { offerDownload } from './download.js';
import { EventQueue } from './events.js';
import { Headset } from './headset.js';
import { MethodCaller } from './methods.js';
import { PageRequests } from './page_requests.js';
import { StorageAccess } from './storage_access.js';

/** @typedef {import('./link_socket.js').LinkSockets} LinkSockets */

/** One connector in Python with what it may use of the page. */
export class Connection {
  /** @type {RawBridge | null} */
  #bridge = null;
  #base;
  #events;
  #headset;
  #requests;
  #sockets;

  /**
   * @param {BaseConnector} base
   * @param {(tell: (event: BridgeEvent) => void) => LinkSockets} makeSockets
   */
  constructor(base, makeSockets) {
    this.#base = base;
    this.methods = new MethodCaller(base, (method, args) => this.#attached.call(method, args));
    this.#events = new EventQueue(base, this.methods);
    const tell = (/** @type {BridgeEvent} */ event) => this.tell(event);
    this.#sockets = makeSockets(tell);
    this.#headset = new Headset(tell);
    const storage = new StorageAccess(tell);
    this.#requests = new PageRequests(
      { audio_devices: listAudioDevices, storage_access: () => storage.isGranted() },
      tell,
    );
    /** What Python holds of the page. @type {BridgeHost} */
    this.host = Object.freeze({
      post: (/** @type {string} */ json) => this.#receive(JSON.parse(json)),
    });
  }

  /** @param {RawBridge} bridge */
  attach(bridge) {
    this.#bridge = bridge;
  }

  /** Salesforce listens: publishes what waited for it. */
  open() {
    this.#events.open();
  }

  /**
   * Tells Python that something happened; a failure there must not break the page's own work.
   * @param {BridgeEvent} event
   */
  tell(event) {
    try {
      this.#attached.handle(JSON.stringify(event));
    } catch (error) {
      console.error(`The connector failed to handle ${event.type}.`, error);
      this.#events.reportFailure('CONNECTOR_EVENT', `${event.type} was not handled`);
    }
  }

  /**
   * Something failed that nobody waited for: Salesforce's log hears of it.
   * @param {unknown} reason
   */
  reportEscape(reason) {
    console.error('Nobody waited for this failure.', reason);
    this.#events.reportFailure('CONNECTOR_FAILURE', String(reason));
  }

  get #attached() {
    if (this.#bridge === null) {
      throw new Error('the connector has not started yet');
    }
    return this.#bridge;
  }

  /**
   * Called by Python in the middle of its work: nothing here may call back at once.
   * @param {HostMessage} message
   */
  #receive(message) {
    switch (message.type) {
      case 'publish_event':
      case 'publish_error':
        return this.#events.add(message);
      case 'log':
        return this.#log(message);
      case 'offer_download':
        return offerDownload(message.lines);
      case 'socket_open':
        return this.#sockets.open(message.id, message.identity);
      case 'socket_send':
        return this.#sockets.send(message.id, message.text);
      case 'socket_close':
        return this.#sockets.close(message.id, message.code, message.reason);
      case 'host_request':
        return void this.#requests.answer(message);
      case 'hid_open':
        return this.#headset.open(message);
      case 'hid_close':
        return this.#headset.close();
      case 'hid_send':
        return this.#headset.send(message.reportId, message.bytes);
      default:
        throw new TypeError(`unknown message ${/** @type {any} */ (message).type} from Python`);
    }
  }

  /** @param {Extract<HostMessage, { type: 'log' }>} entry */
  #log(entry) {
    if (entry.level === 'ERROR') {
      console.error(entry.event, entry.fields);
      this.#events.add(entry);
    } else {
      this.#base.log({ event: entry.event, ...entry.fields }, 'INFO', 'PARTNER');
    }
  }
}
