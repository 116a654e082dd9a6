import type { Duplex } from 'node:stream';
import { type BackupTarget, TargetError } from '../../shared/target/backup-target.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { ChunkInput } from '../devicelink/chunk-input.ts';
import { FrameOutput } from '../devicelink/frame-output.ts';
import { writeToStream } from '../devicelink/write-to-stream.ts';
import { DL_MESSAGE, EMPTY_PARAMETER, encodeMessage } from '../devicelink/messages.ts';
import { cancelledError, connectionLost } from '../wire/connection-errors.ts';
import { type MobileBackupEvent, type MobileBackupPhase, newCounters } from './events.ts';
import { performOperation } from './file-operations.ts';
import type { JobContext } from './job.ts';
import type { DeviceOperation } from './operations.ts';
import { PathGuard } from './path-guard.ts';
import { isContent, phaseOf } from './phases.ts';
import { FileReceiver } from './receive-files.ts';
import { directoriesOf, type MobileBackupRequest, type MobileBackupResponse } from './requests.ts';
import { RoomAsked } from './room.ts';
import { sendFiles } from './send-files.ts';
import { MobileBackupSession, type SessionAction } from './session.ts';
import { encodeFailures, HostTrouble } from './status.ts';

export interface MobileBackupOptions {
  /** A connection to com.apple.mobilebackup2. It belongs to the job and is closed at its end. */
  readonly stream: Duplex;
  readonly request: MobileBackupRequest;
  /** What the device sees as the computer's folder. */
  readonly target: BackupTarget;
  /** Aborting tells the device, closes the connection and fails with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: MobileBackupEvent) => void;
}

/**
 * Has a device's backup agent do `request`, serving what it asks of `target`. There is no time limit: a device may be
 * silent for half an hour while it waits for its passcode, and for minutes while it scans.
 *
 * @throws {AppError} CONNECTION_LOST, CANCELLED, PASSCODE_NOT_ENTERED, OUT_OF_SPACE, STORAGE_FAILED, WRONG_PASSWORD,
 * DEVICE_REFUSED (with the device's own code in `details.deviceCode`), PROTOCOL_VIOLATION
 *
 * @example
 * await runMobileBackup({ stream, request: { kind: 'backup', udid }, target: draft })
 */
export async function runMobileBackup(options: MobileBackupOptions): Promise<MobileBackupResponse> {
  const job = new MobileBackupJob(options);
  try {
    return await job.run();
  } finally {
    await job.close();
  }
}

class MobileBackupJob {
  readonly #options: MobileBackupOptions;
  readonly #session: MobileBackupSession;
  readonly #input: ChunkInput;
  readonly #context: JobContext;
  readonly #receiver: FileReceiver;
  readonly #progress: MobileBackupEvent;
  #output: FrameOutput | undefined;
  #phase: MobileBackupPhase = 'handshake';
  #response: MobileBackupResponse | undefined;
  /** What the device said while files went to it. */
  #heard: SessionAction | undefined;
  #sending: Promise<void> | undefined;
  #isSending = false;

  constructor(options: MobileBackupOptions) {
    this.#options = options;
    this.#session = new MobileBackupSession(options.request);
    this.#input = new ChunkInput(options.stream, options.signal);
    const counters = newCounters();
    this.#context = {
      target: options.target,
      guard: new PathGuard(directoriesOf(options.request)),
      counters,
      trouble: new HostTrouble(),
      room: new RoomAsked(),
      warn: (warning) => options.onEvent?.({ kind: 'warning', warning }),
    };
    this.#receiver = new FileReceiver(this.#context);
    this.#progress = { kind: 'progress', counters };
  }

  async run(): Promise<MobileBackupResponse> {
    using _limit = this.#limitCancelling();
    try {
      return await this.#converse();
    } catch (error) {
      if (!isAppError(error, 'CONNECTION_LOST')) throw this.#explain(error);
      const response = this.#lastWord(error);
      if (response === undefined) throw this.#explain(error);
      return response;
    }
  }

  async #converse(): Promise<MobileBackupResponse> {
    this.#tell({ kind: 'phase', phase: this.#phase });
    while (this.#response === undefined) {
      const action = this.#heard ?? this.#session.next();
      this.#heard = undefined;
      const pending = action === undefined ? this.#readOn() : this.#perform(action);
      if (pending !== undefined) await pending;
    }
    return this.#response;
  }

  /** Ends the conversation in order, as far as that is still possible, and the connection in any case. */
  async close(): Promise<void> {
    const { stream } = this.#options;
    await this.#receiver.abandon();
    this.#input.release();
    // In the middle of a file the device would take a goodbye for a piece of it.
    if (!stream.destroyed && !stream.readableEnded && !this.#isSending) await this.#sayGoodbye();
    stream.destroy();
    // Nothing of the target is read when the job is over.
    await this.#sending?.catch(() => {});
  }

  /** A device that takes no more of what it is being sent cannot be told either: it must not hold up the end. */
  #limitCancelling(): Disposable {
    const { stream, signal } = this.#options;
    let limit: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      if (signal !== undefined) limit = setTimeout(() => stream.destroy(cancelledError(signal)), FAREWELL_LIMIT_MS);
    };
    signal?.addEventListener('abort', onAbort);
    return {
      [Symbol.dispose]: () => {
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(limit);
      },
    };
  }

  async #sayGoodbye(): Promise<void> {
    const { stream } = this.#options;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, FAREWELL_LIMIT_MS);
      const done = (): void => {
        clearTimeout(limit);
        resolve();
      };
      stream.once('close', done);
      if (stream.writableEnded) done();
      else stream.end(FAREWELL, done);
    });
  }

  /** The trouble on this side, where there was any, rather than what the device made of it. */
  #explain(error: unknown): unknown {
    const { room, trouble: host } = this.#context;
    const trouble = host.error;
    if (!isAppError(error)) return error;
    if (trouble === undefined) return room.explain(error);
    if (error.code === 'CANCELLED' || error.code === 'PROTOCOL_VIOLATION') return error;
    return new AppError(trouble.code, trouble.message, {
      ...(trouble.hint === undefined ? {} : { hint: trouble.hint }),
      details: { ...error.details, ...trouble.details },
      cause: trouble.cause ?? error,
    });
  }

  /** Hands the next chunk to the session; returns a promise only when none has arrived yet. */
  #readOn(): void | Promise<void> {
    const { signal } = this.#options;
    if (this.#context.counters.bytesReceived > 0) this.#tell(this.#progress);
    if (signal?.aborted === true) throw cancelledError(signal);
    const chunk = this.#input.take();
    if (chunk !== undefined) return this.#session.push(chunk);
    return this.#input.wait().then((late) => {
      if (late === undefined) throw this.#ended();
      this.#session.push(late);
    });
  }

  #perform(action: SessionAction): void | Promise<void> {
    switch (action.kind) {
      case 'send':
        if (action.requested === true) this.#enter('waiting');
        return writeToStream(this.#options.stream, action.bytes);
      case 'file-start':
        if (this.#phase !== 'receiving' && isContent(action.path)) this.#enter('receiving');
        return this.#receiver.start(action.path);
      case 'file-data':
        return this.#receiver.data(action.bytes);
      case 'file-end':
        return this.#receiver.end(action.status, action.text);
      case 'upload-end':
        return this.#answer(encodeFailures(this.#receiver.takeFailures()));
      case 'operation':
        return this.#serve(action.operation);
      case 'remark':
        this.#context.warn({ kind: 'remark', text: action.text });
        return undefined;
      case 'response':
        this.#enter('finishing');
        this.#response = action.response;
        return undefined;
    }
  }

  #serve(operation: DeviceOperation): void | Promise<void> {
    const { counters } = this.#context;
    if (operation.progress !== undefined) {
      counters.devicePercent = operation.progress;
      counters.deviceReports += 1;
    }
    this.#enter(phaseOf(operation, this.#phase, this.#options.request.kind));
    if (operation.kind !== 'free-space' && operation.kind !== 'purge') this.#context.room.settle();
    if (operation.kind === 'upload') {
      counters.batchBytes = operation.totalBytes;
      return this.#session.asksForSpace ? undefined : this.#checkSpace(operation.totalBytes);
    }
    this.#tell(this.#progress);
    if (operation.kind !== 'download') return performOperation(operation, this.#context).then((it) => this.#answer(it));
    return this.#send(operation.paths).then(() => this.#endOnBreach());
  }

  /** Sends files, and listens: a device that has had enough of them says so, and need not take the rest. */
  async #send(paths: readonly string[]): Promise<void> {
    this.#output ??= new FrameOutput(this.#options.stream);
    this.#sending = sendFiles(paths, this.#context, this.#output, {
      signal: this.#options.signal,
      onSent: () => this.#tell(this.#progress),
    });
    this.#isSending = true;
    const sent = this.#sending.then(() => {
      this.#isSending = false;
      return true;
    });
    sent.catch(() => {});
    while (!(await Promise.race([sent, this.#input.arrival().then(() => false)]))) {
      const chunk = this.#input.take();
      if (chunk === undefined) throw this.#ended();
      this.#session.push(chunk);
      this.#heard = this.#nextWord();
      if (this.#heard?.kind === 'response') return;
      if (this.#heard !== undefined) await sent;
    }
  }

  /** The next action but for remarks. */
  #nextWord(): SessionAction | undefined {
    for (;;) {
      const action = this.#session.next();
      if (action?.kind !== 'remark') return action;
      this.#context.warn({ kind: 'remark', text: action.text });
    }
  }

  /** What a device said before it hung up counts, also where sending to it failed first. @throws {AppError} its reason */
  #lastWord(lost: AppError): MobileBackupResponse | undefined {
    try {
      for (;;) {
        const action = this.#session.next();
        if (action?.kind === 'response') return action.response;
        const chunk = action === undefined ? this.#input.take() : undefined;
        if (chunk !== undefined) this.#session.push(chunk);
        else if (action === undefined) return undefined;
      }
    } catch (error) {
      throw this.#explain(isAppError(error, 'PROTOCOL_VIOLATION') ? lost : error);
    }
  }

  #ended(): AppError {
    const { signal } = this.#options;
    if (signal?.aborted === true) return cancelledError(signal);
    return connectionLost('the device closed the connection before the job was finished');
  }

  /** For devices that do not ask: a batch with no room for it is declined before the disk is full. */
  async #checkSpace(batchBytes: number): Promise<void> {
    const freeBytes = await this.#context.target.freeBytes();
    if (freeBytes >= Math.max(batchBytes, 1)) return;
    this.#receiver.refuseBatch(new TargetError('no-space', 'there is not enough space for the backup'));
  }

  async #answer(bytes: Buffer): Promise<void> {
    await writeToStream(this.#options.stream, bytes);
    this.#endOnBreach();
  }

  /** A device that tried to leave its directory gets its answer, and no further chance. */
  #endOnBreach(): void {
    const { breach } = this.#context.guard;
    if (breach !== undefined) throw breach;
  }

  #enter(phase: MobileBackupPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#tell({ kind: 'phase', phase });
  }

  #tell(event: MobileBackupEvent): void {
    this.#options.onEvent?.(event);
  }
}

const FAREWELL = encodeMessage([DL_MESSAGE.disconnect, EMPTY_PARAMETER]);
/** How long a device that no longer listens may hold up the end of a job. */
const FAREWELL_LIMIT_MS = 1_000;
