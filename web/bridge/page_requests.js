/** Questions of Python that only the page can answer, and that may take a while. */

/** @typedef {(args: Record<string, unknown>) => Promise<unknown>} Answerer */

/** Answers by name. */
export class PageRequests {
  #answerers;
  #tell;

  /**
   * @param {Readonly<Record<string, Answerer>>} answerers
   * @param {(event: BridgeEvent) => void} tell
   */
  constructor(answerers, tell) {
    this.#answerers = new Map(Object.entries(answerers));
    this.#tell = tell;
  }

  /** @param {Extract<HostMessage, { type: 'host_request' }>} request */
  async answer({ id, name, args }) {
    try {
      const answerer = this.#answerers.get(name);
      if (answerer === undefined) {
        throw new Error(`the page cannot answer ${name}`);
      }
      // Never in the turn of Python's own call.
      await null;
      this.#tell({ type: 'host_answer', id, ok: (await answerer(args)) ?? null });
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const kind = error instanceof DOMException ? error.name : '';
      this.#tell({ type: 'host_answer', id, error: `${name}: ${reason}`, kind });
    }
  }
}
