/** A WebSocket that only listens and comes back by itself. */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;

/**
 * Listens to JSON messages; reconnects with doubling pauses until closed.
 */
export class LiveSocket {
  /**
   * @param {string} path path on this server
   * @param {{ onMessage: (message: any) => void, onState: (state: 'connecting' | 'open' | 'down') => void }} listener
   */
  constructor(path, listener) {
    this.path = path;
    this.listener = listener;
    this.delayMs = FIRST_DELAY_MS;
    this.closed = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.#open();
  }

  /** Ends it for good. */
  close() {
    this.closed = true;
    this.socket?.close();
  }

  #open() {
    const address = new URL(this.path, location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    this.listener.onState('connecting');
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.delayMs = FIRST_DELAY_MS;
      this.listener.onState('open');
    });
    socket.addEventListener('message', (event) => {
      this.listener.onMessage(JSON.parse(String(event.data)));
    });
    socket.addEventListener('close', () => this.#comeBack());
  }

  #comeBack() {
    if (this.closed) {
      return;
    }
    this.listener.onState('down');
    setTimeout(() => this.#open(), this.delayMs);
    this.delayMs = Math.min(this.delayMs * 2, LONGEST_DELAY_MS);
  }
}
