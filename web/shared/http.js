/** JSON over HTTP with this server's error format. */

/** What the server refused, with its own code and words. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, 0 when the server was not reached
   * @param {string} code the server's error code
   * @param {string} message a sentence
   * @param {string} [field] the request field that it is about
   */
  constructor(status, code, message, field) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/**
 * The error in an answer: in `error` by our server, at the top by the Salesforce simulator.
 *
 * @param {unknown} body
 * @returns {{ code?: string, message?: string, field?: string }}
 */
function errorPart(body) {
  const part = body && typeof body === 'object' && 'error' in body ? body.error : body;
  return part && typeof part === 'object' ? part : {};
}

/**
 * Asks the server and returns its JSON answer (null when it has no body).
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] sent as JSON
 * @param {{ timeLimitMs?: number }} [options]
 * @returns {Promise<any>}
 * @throws {ApiError}
 */
export async function request(method, path, body, { timeLimitMs = 15000 } = {}) {
  /** @type {RequestInit} */
  const init = {
    method,
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeLimitMs),
  };
  if (body !== undefined) {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  /** @type {Response} */
  let response;
  /** @type {string} */
  let text;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw late
      ? new ApiError(0, 'no_answer', 'The server did not answer in time.')
      : new ApiError(0, 'unreachable', 'The server could not be reached.');
  }
  const parsed = parseJson(text);
  if (!response.ok) {
    const { code, message, field } = errorPart(parsed);
    throw new ApiError(
      response.status,
      code ?? `http_${response.status}`,
      message ?? `The server answered with status ${response.status}.`,
      field,
    );
  }
  return parsed;
}

/**
 * @param {string} text
 * @returns {unknown} null when there is no JSON in it
 */
function parseJson(text) {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Any failure as code and sentence.
 *
 * @param {unknown} error
 * @returns {{ code: string, message: string }}
 */
export function describeError(error) {
  if (error instanceof ApiError) {
    return { code: error.code, message: error.message };
  }
  return { code: 'page_error', message: error instanceof Error ? error.message : String(error) };
}
