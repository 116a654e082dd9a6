/** The command line as people run it: a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..', '..');
export const HOLDFAST = join(ROOT, 'bin', 'holdfast.js');
/** No command of these tests takes longer, even on a busy machine: only one that hangs does. */
const HANG_MS = 60_000;

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The Node.js to start with, and its own arguments. */
  readonly node?: readonly [program: string, ...args: string[]];
  /** What is run instead of bin/holdfast.js. */
  readonly script?: string;
  /** Told of every line of JSON on standard output as it comes. */
  readonly onEvent?: (event: CliEvent) => void;
  /** In a process group of its own, as a shell starts it. */
  readonly detached?: boolean;
}

/** One line of `--json`, not looked at any closer. */
export type CliEvent = Readonly<Record<string, unknown>>;

export interface CliResult {
  /** Undefined when a signal ended it. */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of `--json` on standard output. */
  readonly events: readonly CliEvent[];
  /** The error that `--json` puts on standard error. */
  readonly error: CliEvent | undefined;
}

export interface RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<CliResult>;
}

/** Starts `holdfast` with these words. A run that hangs is killed, and rejects. */
export function startHoldfast(words: readonly string[], options: CliOptions = {}): RunningCli {
  const { env = {}, node = [process.execPath], script = HOLDFAST, onEvent, detached = false } = options;
  const [program, ...nodeArgs] = node;
  const child = spawn(program, [...nodeArgs, script, ...words], {
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  let stdout = '';
  let stderr = '';
  const events: CliEvent[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`;
    const event = parseLine(line);
    if (event === undefined) return;
    events.push(event);
    onEvent?.(event);
  });
  const ended = new Promise<CliResult>((resolve, reject) => {
    const hanging = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`holdfast ${words.join(' ')} hung\n${stdout}\n${stderr}`));
    }, HANG_MS);
    child.once('error', reject);
    child.once('close', (status, signal) => {
      clearTimeout(hanging);
      const error = parseLine(stderr.trimEnd().split('\n').at(-1) ?? '');
      resolve({ status: status ?? undefined, signal: signal ?? undefined, stdout, stderr, events, error });
    });
  });
  return { process: child, ended };
}

/** Runs `holdfast` to its end. */
export function holdfast(words: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startHoldfast(words, options).ended;
}

/** A line that a killed process could not finish is none. */
function parseLine(line: string): CliEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as CliEvent;
  } catch {
    return undefined;
  }
}
