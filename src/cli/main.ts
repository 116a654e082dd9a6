import { AppError, isAppError, systemErrorCode } from '../shared/errors.ts';
import { placesFor } from '../shared/places.ts';
import type { CliContext } from './context.ts';
import { createOutput } from './output/output.ts';
import { createProgram, usageErrorOf } from './program.ts';

/** A bug: not one of the exit codes that mean something. */
const EXIT_BUG = 1;
/** Between two interrupts that close together there was one Ctrl-C, delivered to a parent and to us. */
const SECOND_INTERRUPT_MS = 1000;

const stop = new AbortController();
stopOnSignals();
endQuietlyOnClosedPipe();
process.exitCode = await run();

async function run(): Promise<number> {
  const { env, stdout, stderr, stdin } = process;
  let exitCode = 0;
  const context: CliContext = {
    env,
    places: placesFor(env),
    out: stdout,
    err: stderr,
    input: stdin.isTTY ? stdin : undefined,
    signal: stop.signal,
    setExitCode: (wanted) => void (exitCode = wanted),
  };
  try {
    const program = await createProgram(context, process.argv.slice(2));
    await program.parseAsync(process.argv);
    return exitCode;
  } catch (thrown) {
    return report(thrown);
  }
}

/** Says what went wrong and returns the exit code for it. */
function report(thrown: unknown): number {
  const usage = usageErrorOf(thrown);
  if (usage === 'shown') return 0;
  const error = usage ?? (isCancellation(thrown) ? cancelled(thrown) : thrown);
  if (!isAppError(error)) {
    process.stderr.write(`Holdfast failed in a way it should not have. Please report this:\n${stackOf(error)}\n`);
    return EXIT_BUG;
  }
  createOutput(process.stdout, process.stderr, { json: process.argv.includes('--json') }).error(error);
  return error.exitCode;
}

// Declared as functions, which are there while the first statements of this module still wait for the command.

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isCancellation(error: unknown): boolean {
  if (!stop.signal.aborted) return false;
  return error === stop.signal.reason || (error instanceof Error && error.name === 'AbortError');
}

function cancelled(cause: unknown): AppError {
  return new AppError('CANCELLED', 'stopped before the end', { cause });
}

function stopOnSignals(): void {
  let firstMs: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const nowMs = performance.now();
      if (firstMs === undefined) {
        firstMs = nowMs;
        stop.abort(new AppError('CANCELLED', 'stopped before the end', { details: { signal: name } }));
      } else if (nowMs - firstMs > SECOND_INTERRUPT_MS) process.exit(130);
    });
  }
}

/** `holdfast … | head` closes our output early: that is no failure. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error) => {
    if (systemErrorCode(error) === 'EPIPE') process.exit(0);
    throw error;
  });
}
