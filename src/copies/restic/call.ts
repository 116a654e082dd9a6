import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { failureOf, type Failure } from './failure.ts';

/** How restic is run for one repository. */
export interface ResticSession {
  readonly binary: string;
  /** Everything that it finds in its environment; the repository and the cache among it. */
  readonly env: Readonly<Record<string, string>>;
  readonly password: string;
}

export interface ResticCall {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  /** Told of every line of JSON that it prints, in turn. */
  readonly onMessage?: (message: unknown) => void;
  /** Exit codes that are an answer and no failure. */
  readonly accept?: readonly number[];
  /** When to give up on a place that does not answer: restic itself tries for a quarter of an hour. */
  readonly timeoutMs?: number;
}

export interface ResticAnswer {
  readonly status: number;
  readonly stderr: string;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** So much of what it says on standard error is kept. */
const KEPT_STDERR = 64 * 1024;
/**
 * What it says when it cannot put a lock where nothing may be written. It would go on trying for a quarter of an hour;
 * saying so twice is enough, as it may be a file system that only stumbles.
 */
const UNWRITABLE = /<lock\/[^>]*>\) returned error.*(?:read-only file system|denied|not permitted|forbidden)/gi;
const UNWRITABLE_TRIES = 2;
/** How long it may take to end after it was asked to, before it is made to. */
const END_GRACE_MS = 15_000;

/**
 * Runs restic to its end. The password goes through its standard input: neither its arguments nor its environment,
 * which others may look at, nor a file hold it. When the signal aborts, restic is interrupted, so that it removes its
 * lock, and killed when that takes too long.
 *
 * @throws {AppError} as `failureOf`, PROGRAM_MISSING; the reason of the signal.
 */
export async function callRestic(session: ResticSession, call: ResticCall): Promise<ResticAnswer> {
  call.signal?.throwIfAborted();
  const child = start(session, call);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line.startsWith('{') || line.startsWith('[')) passOn(line, call.onMessage);
  });
  const drained = new Promise<void>((resolve) => lines.once('close', resolve));
  return await ended(child, call, drained);
}

/**
 * Runs restic for its output.
 *
 * @throws as `callRestic`, when its output has been read.
 */
export async function* restic(session: ResticSession, call: ResticCall): AsyncGenerator<Buffer, undefined> {
  call.signal?.throwIfAborted();
  const child = start(session, { ...call, args: ['--quiet', ...call.args] });
  const end = ended(child, call, Promise.resolve());
  end.catch(() => undefined);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    await end;
  } finally {
    // Whoever reads may have enough of it.
    child.kill('SIGINT');
  }
}

function start({ binary, env, password }: ResticSession, { args, cwd }: ResticCall): Child {
  const child = spawn(binary, args, { env, stdio: ['pipe', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
  // One that ends without having read it says why itself.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${password}\n`);
  return child;
}

async function ended(child: Child, call: ResticCall, drained: Promise<void>): Promise<ResticAnswer> {
  const { signal, accept = [], timeoutMs } = call;
  let stderr = '';
  let isUnwritable = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
    if (isUnwritable || [...stderr.matchAll(UNWRITABLE)].length < UNWRITABLE_TRIES) return;
    isUnwritable = true;
    stop();
  });
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGINT');
    clearTimeout(killing);
    killing = setTimeout(() => child.kill('SIGKILL'), END_GRACE_MS);
  };
  let isLate = false;
  const giveUp = (): void => {
    isLate = true;
    stop();
  };
  const patience = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    child.once('error', (cause) => reject(cannotRun(child.spawnfile, cause)));
    child.once('close', (status) => resolve(status ?? 128));
    const status = await promise;
    await drained;
    signal?.throwIfAborted();
    if (status === 0 || accept.includes(status)) return { status, stderr };
    // Its own code would only say that it was interrupted.
    const failed = isUnwritable ? 1 : status;
    throw failureOf({ status: failed, stderr, command: call.args[0] ?? '', isLate } satisfies Failure);
  } finally {
    clearTimeout(patience);
    clearTimeout(killing);
    signal?.removeEventListener('abort', stop);
  }
}

/** Between its lines of JSON restic may print warnings and other lines that begin like JSON. */
function passOn(line: string, onMessage: ResticCall['onMessage']): void {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return;
  }
  onMessage?.(message);
}

function cannotRun(path: string, cause: unknown): unknown {
  if (systemErrorCode(cause) === undefined) return cause;
  return new AppError('PROGRAM_MISSING', `${path} cannot be run`, {
    hint: 'Install restic, or say with --restic-binary where it is.',
    details: { path },
    cause,
  });
}
