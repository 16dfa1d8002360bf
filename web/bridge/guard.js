/**
 * The handshake guard: the page's first script, before the base connector exists.
 *
 * The base connector stops listening after the first SETUP_CONNECTOR, even from a stranger, and
 * throws on odd messages (connector-api.md, B4-B6). So nothing reaches it but one handshake, from
 * an origin that the server's settings name exactly. It waits here until the connector is ready.
 */
(() => {
  const SETUP = 'SETUP_CONNECTOR';
  /** The base checks origins too; a host page on our own origin borrows one that it accepts. */
  const STAND_IN_ORIGIN = 'https://demo.lightning.force.com';

  /** @typedef {{ data: Record<string, unknown>, origin: string, port: MessagePort }} Handshake */

  /** First handshake of each origin, while nobody knows whom to trust. @type {Map<string, Handshake>} */
  const unjudged = new Map();
  /** @type {Set<string> | null} */
  let trusted = null;
  let ownOriginIsHost = false;
  /** @type {Handshake | null} */
  let accepted = null;
  /** @type {'hold' | 'deliver' | 'refuse'} */
  let plan = 'hold';
  let refused = 0;
  /** @type {number | null} */
  let acceptedAt = null;
  /** @type {number | null} */
  let deliveredAt = null;
  /** The event that we dispatch ourselves. @type {MessageEvent | null} */
  let passing = null;
  /** Lines already written: a flood of messages must not flood the console. @type {Set<string>} */
  const said = new Set();
  /** @type {() => void} */
  let resolveDelivered = () => {};
  /** @type {(error: Error) => void} */
  let rejectDelivered = () => {};
  /** @type {Promise<void>} */
  const delivered = new Promise((resolve, reject) => {
    resolveDelivered = resolve;
    rejectDelivered = reject;
  });
  // After a failed start nobody waits for it.
  delivered.catch(() => {});

  /** @param {string} origin @param {string} why */
  function refuse(origin, why) {
    refused += 1;
    const line = `Handshake guard: ${SETUP} from ${origin} ignored: ${why}.`;
    if (!said.has(line)) {
      said.add(line);
      console.warn(line);
    }
  }

  /**
   * @param {MessageEvent} event
   * @returns {Handshake | null} null, with a word on the console, when it is not a whole handshake
   */
  function readHandshake({ data, origin, ports }) {
    const [port] = ports;
    if (port === undefined || ports.length !== 1) {
      refuse(origin, `it carries ${ports.length} ports instead of one`);
      return null;
    }
    if (typeof data.connectorConfig !== 'object' || data.connectorConfig === null) {
      refuse(origin, 'it carries no connectorConfig');
      return null;
    }
    return { data, origin, port };
  }

  /** @param {string} origin */
  function isTrusted(origin) {
    return trusted?.has(origin) || (ownOriginIsHost && origin === location.origin);
  }

  /** @param {Handshake} handshake */
  function judge(handshake) {
    if (!isTrusted(handshake.origin)) {
      refuse(handshake.origin, 'this origin is not allowed by the server settings');
    } else if (accepted !== null) {
      refuse(handshake.origin, 'this page already has its handshake; reload it for another');
    } else {
      accepted = handshake;
      acceptedAt = performance.now();
      proceed();
    }
  }

  function proceed() {
    if (accepted !== null && plan === 'deliver') {
      deliver(accepted);
    } else if (accepted !== null && plan === 'refuse') {
      refuseLogin(accepted.port);
    }
  }

  /** @param {MessagePort} port */
  function refuseLogin(port) {
    port.postMessage({
      type: 'TELEPHONY_EVENT_DISPATCHED',
      payload: {
        telephonyEventType: 'ERROR',
        telephonyEventPayload: { message: 'CAN_NOT_LOG_IN' },
      },
    });
  }

  /** @param {Handshake} handshake */
  function deliver({ data, origin, port }) {
    const ownHost = !trusted?.has(origin);
    passing = new MessageEvent('message', {
      data,
      origin: ownHost ? STAND_IN_ORIGIN : origin,
      ports: [port],
    });
    window.dispatchEvent(passing);
    passing = null;
    if (port.onmessage === null) {
      refuseLogin(port);
      rejectDelivered(new Error(`the base connector does not accept the origin ${origin}`));
      return;
    }
    deliveredAt = performance.now();
    resolveDelivered();
  }

  /** @param {MessageEvent} event */
  function onMessage(event) {
    if (event === passing) {
      return;
    }
    const { data, source } = event;
    // Schedulers of Emscripten post strings to their own window.
    if (source === window && typeof data === 'string') {
      return;
    }
    event.stopImmediatePropagation();
    if (typeof data !== 'object' || data === null || data.type !== SETUP) {
      return;
    }
    const handshake = readHandshake(event);
    if (handshake === null) {
      return;
    }
    if (trusted !== null) {
      judge(handshake);
    } else if (unjudged.has(handshake.origin)) {
      refuse(handshake.origin, 'an earlier one from there waits already');
    } else {
      unjudged.set(handshake.origin, handshake);
    }
  }

  /** @type {HandshakeGuard} */
  const guard = {
    delivered,
    trust(settings) {
      if (trusted !== null) {
        throw new Error('the handshake guard knows already whom to trust');
      }
      trusted = new Set(settings.allowedHostOrigins);
      ownOriginIsHost = settings.ownOriginIsHost;
      for (const handshake of unjudged.values()) {
        judge(handshake);
      }
      unjudged.clear();
    },
    release() {
      plan = 'deliver';
      proceed();
    },
    refuse() {
      plan = 'refuse';
      proceed();
    },
    facts: () =>
      Object.freeze({
        refused,
        acceptedOrigin: accepted?.origin ?? null,
        acceptedAt,
        deliveredAt,
      }),
  };

  window.addEventListener('message', onMessage, { capture: true });
  Object.defineProperty(window, 'scvHandshakeGuard', { value: Object.freeze(guard) });
})();
