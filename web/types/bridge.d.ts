/** What crosses the border between JavaScript and Python, and what the page puts on `window`. */

/** Every Python method that the page may call (connector_py/browser/bridge.py). */
interface RawBridge {
  /**
   * Calls a method of the connector.
   * @returns JSON of `MethodAnswer`; a promise-like proxy when the method had to wait
   */
  call(method: string, argsJson: string): string | RawTask;
  /** Tells the connector that something happened; JSON of `BridgeEvent`. */
  handle(eventJson: string): void;
}

/** A Python task as JavaScript sees it. Destroy it once awaited. */
interface RawTask extends PromiseLike<string> {
  destroy(): void;
}

/** The one object that Python may call: `post` takes JSON of `HostMessage`. */
interface BridgeHost {
  post(json: string): void;
}

type WireError =
  | { kind: 'type'; type: string; message: string }
  | { kind: 'custom'; labelName: string; namespace: string; message: string | null };

type MethodAnswer = { ok: unknown } | { error: WireError };

/** JavaScript → Python. */
type BridgeEvent =
  | { type: 'socket_opened'; id: string; ticket: string }
  | { type: 'socket_text'; id: string; text: string }
  | { type: 'socket_closed'; id: string; code: number; reason: string }
  | {
      type: 'socket_failed';
      id: string;
      code: 'sign_in_required' | 'silent_sign_in_required' | 'unreachable';
      message: string;
    }
  | { type: 'signed_in' }
  | { type: 'online' }
  | { type: 'storage_access'; granted: boolean }
  | { type: 'host_answer'; id: string; ok: unknown }
  /** `kind` is the name of the browser's own error, or empty. */
  | { type: 'host_answer'; id: string; error: string; kind: string }
  | {
      type: 'hid_connected';
      vendorId: number;
      productId: number;
      productName: string;
      /** WebHID's report layout. */
      collections: readonly object[];
    }
  /** `bytes` in hexadecimal, without the report's id. */
  | { type: 'hid_report'; reportId: number; bytes: string }
  | { type: 'hid_disconnected' }
  | { type: 'hid_failed'; code: 'unsupported' | 'not_granted' | 'broken'; message: string };

interface LinkIdentity {
  organizationId: string;
  userName: string;
  userId?: string;
  userFullName?: string;
  callCenterName?: string;
}

/** Python → JavaScript. */
type HostMessage =
  | { type: 'publish_event'; eventType: string; payload: unknown; afterResult: boolean }
  | { type: 'publish_error'; eventType: string; error: WireError; afterResult: boolean }
  | { type: 'log'; level: 'ERROR' | 'INFO'; event: string; fields: Record<string, unknown> }
  | { type: 'offer_download'; lines: string[] }
  | { type: 'socket_open'; id: string; identity: LinkIdentity }
  | { type: 'socket_send'; id: string; text: string }
  | { type: 'socket_close'; id: string; code: number; reason: string }
  /** Wants a `host_answer`. */
  | { type: 'host_request'; id: string; name: string; args: Record<string, unknown> }
  /** From now on this headset and no other, also when it is plugged in later. */
  | { type: 'hid_open'; vendorId: number; productId: number }
  | { type: 'hid_close' }
  | { type: 'hid_send'; reportId: number; bytes: string };

/** GET /api/v1/connector-settings. */
interface ConnectorSettings {
  allowedHostOrigins: string[];
  demo: boolean;
  ownOriginIsHost: boolean;
  linkPath: string;
  commandSeconds: number;
  version: string;
}

/** A way to start Python; web/bridge/pyodide_loader.js is one. */
interface PythonStart {
  /** Resolves when the interpreter runs. */
  readonly started: Promise<void>;
  /** Makes the connector; once. */
  connect(host: BridgeHost): Promise<RawBridge>;
}

interface Asset {
  path: string;
  bytes: number;
  files: Record<string, number>;
}

/** assets.json, written by web/build. */
interface AssetManifest {
  buildId: string;
  versions: Record<string, string>;
  pyodideLock: NonNullable<Parameters<typeof import('pyodide').loadPyodide>[0]>['lockFileContents'];
  assets: Record<'pyodide' | 'python-stdlib' | 'connector-py' | 'scv-connector-base', Asset>;
}

interface GuardFacts {
  /** Well-formed handshakes seen, by their fate. */
  readonly refused: number;
  readonly acceptedOrigin: string | null;
  /** performance.now() */
  readonly acceptedAt: number | null;
  readonly deliveredAt: number | null;
}

/** web/bridge/guard.js */
interface HandshakeGuard {
  /** Says whom to trust; judges what arrived before. Once only. */
  trust(settings: Pick<ConnectorSettings, 'allowedHostOrigins' | 'ownOriginIsHost'>): void;
  /** The base connector listens: hand it the handshake, now or when it comes. Once only. */
  release(): void;
  /** There will be no base connector: answer the handshake with CAN_NOT_LOG_IN. Once only. */
  refuse(): void;
  /** Resolves when the base connector got its port; rejects when it does not want it. */
  readonly delivered: Promise<void>;
  facts(): GuardFacts;
}

type StageName = 'settings' | 'assets' | 'python' | 'connector' | 'ready';

interface StageFacts {
  readonly name: StageName;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** performance.now() */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

interface ConnectorDiagnostics {
  readonly stages: readonly StageFacts[];
  readonly failure: { readonly stage: StageName; readonly message: string } | null;
  readonly handshake: GuardFacts;
  readonly versions: Readonly<Record<string, string>>;
}

interface Window {
  readonly scvHandshakeGuard: HandshakeGuard;
  readonly scvDiagnostics: ConnectorDiagnostics;
  readonly SCVConnectorBase: BaseConnector;
}
