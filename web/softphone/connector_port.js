/** The connector's iframe and the MessagePort to it: what Salesforce's page does (connector-api.md 4.1). */

/** @typedef {import('./types.js').Message} Message */

/** Loads the connector, hands over a port, and passes messages both ways. */
export class ConnectorPort {
  /**
   * @param {HTMLIFrameElement} frame
   * @param {import('./protocol_log.js').ProtocolLog} log
   * @param {{ onMessage: (message: Message) => void, onHandshake: () => void }} listener
   */
  constructor(frame, log, listener) {
    this.frame = frame;
    this.log = log;
    this.listener = listener;
    /** @type {MessagePort | null} */
    this.port = null;
    /** @type {Record<string, unknown>} */
    this.connectorConfig = {};
  }

  /**
   * Loads the connector's page. Each load of it, also one that it starts itself, gets a handshake.
   *
   * @param {string} address
   * @param {Record<string, unknown>} connectorConfig
   */
  load(address, connectorConfig) {
    this.connectorConfig = connectorConfig;
    const { href, origin } = new URL(address, location.href);
    this.frame.addEventListener('load', () => this.#shakeHands(origin));
    this.frame.src = href;
  }

  /** Loads the connector's page again. */
  reload() {
    this.port?.close();
    this.port = null;
    this.frame.src = String(this.frame.src);
  }

  /** @param {Message} message */
  send(message) {
    if (this.port === null) {
      throw new Error('There is no connector to send to yet.');
    }
    this.log.add('to connector', message);
    this.port.postMessage(message);
  }

  /** @param {string} origin */
  #shakeHands(origin) {
    this.port?.close();
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.onmessage = (event) => {
      this.log.add('from connector', event.data);
      this.listener.onMessage(event.data);
    };
    this.listener.onHandshake();
    const message = { type: 'SETUP_CONNECTOR', connectorConfig: this.connectorConfig };
    this.log.add('to connector', message);
    this.frame.contentWindow?.postMessage(message, origin, [port2]);
  }
}
