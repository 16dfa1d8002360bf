/** Events on their way from Python to Salesforce: in order, none before the handshake. */
import { EVENT_CLASSES } from './event_classes.js';
import { describe, revive, reviveError } from './wire.js';

/**
 * @typedef {Extract<HostMessage, { type: 'publish_event' }>} PublishEvent
 * @typedef {Extract<HostMessage, { type: 'publish_error' }>} PublishError
 * @typedef {Extract<HostMessage, { type: 'log' }>} LogEntry
 */

/**
 * Longer than a command waits for its reply (8 s): told before the method's result, the end of a
 * call would come before its start. But nothing waits for ever.
 */
const LONGEST_WAIT_MILLIS = 10_000;

/** Publishes one after the other: the base needs turns of its own for some events. */
export class EventQueue {
  /** @type {{ message: PublishEvent | PublishError | LogEntry, after: Promise<void> | null }[]} */
  #waiting = [];
  #isOpen = false;
  #isRunning = false;
  #base;
  #methods;

  /**
   * @param {BaseConnector} base
   * @param {Pick<import('./methods.js').MethodCaller, 'handedOver'>} methods
   */
  constructor(base, methods) {
    this.#base = base;
    this.#methods = methods;
  }

  /** The base connector has its port; it would lose what came before (B27). */
  open() {
    this.#isOpen = true;
    void this.#run();
  }

  /** @param {PublishEvent | PublishError | LogEntry} message */
  add(message) {
    const isLate = message.type !== 'log' && message.afterResult;
    this.#waiting.push({ message, after: isLate ? this.#handedOver() : null });
    void this.#run();
  }

  /**
   * Tells Salesforce's log what went wrong here.
   * @param {string} eventType
   * @param {string} message
   */
  reportFailure(eventType, message) {
    this.add({ type: 'log', level: 'ERROR', event: eventType, fields: { message } });
  }

  /** The time begins when the event came, not when it is its turn. */
  #handedOver() {
    return Promise.race([this.#methods.handedOver(), pause(LONGEST_WAIT_MILLIS)]);
  }

  async #run() {
    if (!this.#isOpen || this.#isRunning) {
      return;
    }
    this.#isRunning = true;
    // Never in the turn of Python's own call: the base may call Python again.
    await null;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (next.after !== null) {
        await next.after;
        await nextTask();
      }
      await this.#publish(next.message);
    }
    this.#isRunning = false;
  }

  /** @param {PublishEvent | PublishError | LogEntry} message */
  async #publish(message) {
    try {
      if (message.type === 'publish_event') {
        await this.#publishEvent(message);
      } else if (message.type === 'publish_error') {
        const error = reviveError(message.error, this.#base);
        this.#base.publishError({ eventType: message.eventType, error });
      } else {
        this.#base.publishLog({ eventType: message.event, payload: message.fields, isError: true });
      }
    } catch (error) {
      this.#refused(message.type === 'log' ? message.event : message.eventType, error);
    }
  }

  /** @param {PublishEvent} message */
  async #publishEvent({ eventType, payload }) {
    const className = EVENT_CLASSES[eventType];
    if (className === undefined) {
      throw new TypeError('the base connector would drop this event without a word');
    }
    if (className === null) {
      await this.#base.publishEvent({ eventType, payload });
      return;
    }
    const revived = revive(payload, this.#base);
    if (!(revived instanceof this.#base[className])) {
      throw new TypeError(`its payload is ${describe(revived)} instead of ${className}`);
    }
    await this.#base.publishEvent({ eventType, payload: revived });
  }

  /** @param {string} eventType @param {unknown} cause */
  #refused(eventType, cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    console.error(`${eventType} could not be published.`, error);
    const payload = { message: error.message };
    this.#base.publishLog({ eventType, payload, isError: true });
    if (EVENT_CLASSES[eventType]) {
      this.#base.publishError({ eventType, error });
    }
  }
}

/** @param {number} millis */
function pause(millis) {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}

/** A turn of the event loop; unlike a timer it is not slowed down in a hidden page. */
function nextTask() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
  });
}
