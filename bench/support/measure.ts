import { spawn } from 'node:child_process';
import { readFileSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of a program cost, it and all its children together. */
export interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Of the largest single process. */
  readonly peakMegabytes: number;
  readonly exitCode: number;
  readonly output: string;
  /** When `mark` was first seen in the output. */
  readonly markSeconds?: number | undefined;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A non-zero exit throws unless allowed. */
  readonly mayFail?: boolean;
  /** A text in the output whose first appearance is to be timed. */
  readonly mark?: string;
}

let serial = 0;

/**
 * Runs a program under GNU time, which knows what the kernel charged it and how long it took, to a hundredth of a second.
 * A clock here would count the start of GNU time, too, by a process that may have much memory to leave behind: as long as
 * a tenth of a short command.
 */
export async function measure(command: readonly string[], options: RunOptions = {}): Promise<Cost> {
  const report = join(tmpdir(), `holdfast-bench-${process.pid}-${serial++}`);
  const startedMs = performance.now();
  const { exitCode, output, markedMs } = await execute(
    ['/usr/bin/time', '-f', '%e %U %S %M', '-o', report, ...command],
    options,
  );
  const markSeconds = markedMs === undefined ? undefined : (markedMs - startedMs) / 1000;
  const [wallSeconds = 0, user = 0, system = 0, kilobytes = 0] = (
    readFileSync(report, 'utf8').trim().split('\n').at(-1) ?? ''
  )
    .split(' ')
    .map(Number);
  unlinkSync(report);
  if (exitCode !== 0 && !options.mayFail) {
    throw new Error(`${command.join(' ')} ended with ${exitCode}:\n${output.slice(-2000)}`);
  }
  return { wallSeconds, cpuSeconds: user + system, peakMegabytes: kilobytes / 1024, exitCode, output, markSeconds };
}

interface Ending {
  readonly exitCode: number;
  readonly output: string;
  readonly markedMs: number | undefined;
}

function execute(command: readonly string[], options: RunOptions): Promise<Ending> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let markedMs: number | undefined;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-100_000);
      if (options.mark !== undefined && output.includes(options.mark)) markedMs ??= performance.now();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output, markedMs }));
  });
}

/** The run with the middle wall time. */
export function median(costs: readonly Cost[]): Cost {
  const middle = costs.toSorted((a, b) => a.wallSeconds - b.wallSeconds)[Math.floor((costs.length - 1) / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
