/** Sockets to the server: the page gets the ticket with its cookies, then connects. */

const TICKET_PATH = '/api/v1/link/ticket';
/** Milliseconds for the ticket, and again for the socket. */
const OPEN_LIMIT = 10_000;
const NORMAL_CLOSURE = 1000;
const SILENT_SIGN_IN = 'silent_sign_in_required';

/** A refusal that the connector can tell from a failure; silent when no page is to show. */
class SignInRequired extends Error {
  /** @param {boolean} isSilent */
  constructor(isSilent) {
    super('the server wants the agent to sign in');
    /** @type {'sign_in_required' | 'silent_sign_in_required'} */
    this.code = isSilent ? SILENT_SIGN_IN : 'sign_in_required';
  }
}

/** Opens sockets by id, and tells what happens to them. */
export class LinkSockets {
  /** Open ones, and null while one asks for its ticket. @type {Map<string, WebSocket | null>} */
  #sockets = new Map();
  #url;
  #tell;

  /**
   * @param {string} path of the socket on our own server
   * @param {(event: BridgeEvent) => void} tell
   */
  constructor(path, tell) {
    this.#url = new URL(path, location.href);
    this.#url.protocol = this.#url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#tell = tell;
  }

  /**
   * @param {string} id
   * @param {LinkIdentity} identity
   */
  open(id, identity) {
    this.#sockets.set(id, null);
    this.#connect(id, identity).catch((/** @type {unknown} */ error) => this.#fail(id, error));
  }

  /** @param {string} id @param {string} text */
  send(id, text) {
    const socket = this.#sockets.get(id);
    // One that is closing tells so by its own event.
    if (socket?.readyState === WebSocket.OPEN) {
      socket.send(text);
    }
  }

  /**
   * Closes one; nothing more is told about it.
   * @param {string} id
   * @param {number} code
   * @param {string} reason
   */
  close(id, code, reason) {
    const socket = this.#sockets.get(id);
    this.#sockets.delete(id);
    // Browsers allow no other codes to a page.
    socket?.close(code === NORMAL_CLOSURE || code >= 3000 ? code : NORMAL_CLOSURE, reason);
  }

  /**
   * @param {string} id
   * @param {LinkIdentity} identity
   */
  async #connect(id, identity) {
    const ticket = await getTicket(identity);
    if (!this.#sockets.has(id)) {
      return;
    }
    const socket = new WebSocket(this.#url);
    this.#sockets.set(id, socket);
    const timer = setTimeout(() => socket.close(), OPEN_LIMIT);
    let isOpened = false;
    socket.onopen = () => {
      clearTimeout(timer);
      isOpened = true;
      this.#tellOf(id, { type: 'socket_opened', id, ticket });
    };
    socket.onmessage = ({ data }) => this.#tellOf(id, { type: 'socket_text', id, text: data });
    socket.onclose = ({ code, reason }) => {
      clearTimeout(timer);
      if (isOpened) {
        this.#end(id, { type: 'socket_closed', id, code, reason });
      } else {
        this.#fail(id, new Error('the socket did not open'));
      }
    };
  }

  /** @param {string} id @param {unknown} error */
  #fail(id, error) {
    const code = error instanceof SignInRequired ? error.code : 'unreachable';
    const message = error instanceof Error ? error.message : String(error);
    this.#end(id, { type: 'socket_failed', id, code, message });
  }

  /** @param {string} id @param {BridgeEvent} event */
  #end(id, event) {
    this.#tellOf(id, event, () => this.#sockets.delete(id));
  }

  /**
   * @param {string} id
   * @param {BridgeEvent} event
   * @param {() => void} [before]
   */
  #tellOf(id, event, before) {
    if (this.#sockets.has(id)) {
      before?.();
      this.#tell(event);
    }
  }
}

/**
 * @param {LinkIdentity} identity
 * @returns {Promise<string>}
 */
async function getTicket(identity) {
  const response = await fetch(TICKET_PATH, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify(identity),
    signal: AbortSignal.timeout(OPEN_LIMIT),
  });
  if (response.status === 401) {
    const answer = await response.json().catch(() => null);
    throw new SignInRequired(answer?.error?.code === SILENT_SIGN_IN);
  }
  if (!response.ok) {
    throw new Error(`the server answered the wish for a ticket with ${response.status}`);
  }
  const { ticket } = await response.json();
  return ticket;
}
