import v8 from 'node:v8';
import { AppError, isAppError, systemErrorCode } from '../shared/errors.ts';
import { firstError } from '../shared/flow/first-error.ts';
import { placeAfterMoves } from '../shared/files/moved-vaults.ts';
import { placesFor, type Places } from '../shared/files/places.ts';
import { SERVICE_PURPOSE } from '../shared/service-purpose.ts';
import type { CliContext } from './context.ts';
import { jsonLine, printable } from './output/format.ts';
import { createOutput } from './output/output.ts';
import { createProgram, usageErrorOf } from './program.ts';

/** A bug: not one of the exit codes that mean something. */
const EXIT_BUG = 1;
/** As a program ends that SIGPIPE ended: whoever closed our output knows, and a script can tell. */
const EXIT_CLOSED_PIPE = 141;
const BUG = 'Holdfast failed in a way it should not have';
/** Between two interrupts that close together there was one Ctrl-C, delivered to a parent and to us. */
const SECOND_INTERRUPT_MS = 1000;
const STOPPED_HINT = 'Nothing that was safe is lost. Run it again when you like; a backup goes on where it stopped.';

const BUSY_SERVICE_HINT =
  'It is backing up or tidying. Run this again when it is done, do it in the web interface, or stop the service first.';

const stop = new AbortController();
keepToOurselves();
stopOnSignals();
endWhereNobodyReads();
process.exitCode = await run();

async function run(): Promise<number> {
  const { env, stdout, stderr, stdin } = process;
  let exitCode = 0;
  try {
    const context: CliContext = {
      env,
      places: presentPlaces(env),
      out: stdout,
      err: stderr,
      input: stdin.isTTY ? stdin : undefined,
      signal: stop.signal,
      setExitCode: (wanted) => void (exitCode = wanted),
    };
    const program = await createProgram(context, process.argv.slice(2));
    stopGrowingTheNursery();
    await program.parseAsync(process.argv);
    return exitCode;
  } catch (thrown) {
    return report(thrown);
  }
}

/** A vault that is named is used or refused; one that is not is used where it is now. */
function presentPlaces(env: NodeJS.ProcessEnv): Places {
  const places = placesFor(env);
  if (env['HOLDFAST_VAULT']) return places;
  return { ...places, vaultDir: placeAfterMoves(places.vaultDir, places.stateDir) };
}

/**
 * What V8 has for new objects when all code is loaded, some 8 MB, is enough. Left alone it grows to 100 MB in commands
 * that go through hundreds of thousands of files, and saves them no time. Threads have less of it, too.
 */
function stopGrowingTheNursery(): void {
  v8.setFlagsFromString('--semi-space-growth-factor=1');
}

/** Says what went wrong and returns the exit code for it. */
function report(failure: unknown): number {
  const thrown = firstError(failure);
  const usage = usageErrorOf(thrown);
  if (usage === 'shown') return 0;
  const error = usage ?? (isCancellation(thrown) ? cancelled(thrown) : (withoutFolder(thrown) ?? thrown));
  const json = process.argv.includes('--json');
  if (!isAppError(error)) {
    process.stderr.write(json ? bugRecord(error) : bugText(error));
    return EXIT_BUG;
  }
  createOutput(process.stdout, process.stderr, { json }).error(explained(error));
  return error.exitCode;
}

/** What to do when it is the service that is in the way. */
function explained(error: AppError): AppError {
  if (error.code !== 'VAULT_BUSY' || error.details['purpose'] !== SERVICE_PURPOSE) return error;
  const { code, message, details, cause } = error;
  return new AppError(code, message, { hint: BUSY_SERVICE_HINT, details, cause });
}

// Declared as functions, which are there while the first statements of this module still wait for the command.

/** What is written holds the content of a phone: its owner alone gets to read it, whatever the umask. */
function keepToOurselves(): void {
  process.umask(0o077);
}

function bugText(error: unknown): string {
  const lines = stackOf(error).split('\n').map(printable).join('\n');
  return `${BUG}. Please report this:\n${lines}\n`;
}

function bugRecord(error: unknown): string {
  const hint = 'Please report this with what is in the details.';
  return jsonLine({
    event: 'error',
    code: 'BUG',
    message: BUG,
    hint,
    details: { stack: stackOf(error) },
    exitCode: EXIT_BUG,
  });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isCancellation(error: unknown): boolean {
  if (!stop.signal.aborted) return false;
  return error === stop.signal.reason || (error instanceof Error && error.name === 'AbortError');
}

function cancelled(cause: unknown): AppError {
  return new AppError('CANCELLED', 'stopped before the end', { hint: STOPPED_HINT, cause });
}

/** Names relative to a folder that was removed, as a shell may still be in one, lead nowhere. */
function withoutFolder(cause: unknown): AppError | undefined {
  if (systemErrorCode(cause) !== 'ENOENT' || !(cause as Error).message.includes('uv_cwd')) return undefined;
  return new AppError('USAGE', 'the folder that this was run in does not exist any more', {
    hint: 'Change to a folder that exists and run it again.',
    cause,
  });
}

function stopOnSignals(): void {
  let firstMs: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const nowMs = performance.now();
      if (firstMs === undefined) {
        firstMs = nowMs;
        const options = { hint: STOPPED_HINT, details: { signal: name } };
        stop.abort(new AppError('CANCELLED', 'stopped before the end', options));
      } else if (nowMs - firstMs > SECOND_INTERRUPT_MS) process.exit(130);
    });
  }
}

/**
 * `holdfast … | head` closes our output early: nobody needs to hear about it, but the work did not come to its end. Any
 * other reason why nothing can be written is told.
 */
function endWhereNobodyReads(): void {
  process.stdout.on('error', (error) => {
    process.exit(systemErrorCode(error) === 'EPIPE' ? EXIT_CLOSED_PIPE : report(unwritable(error)));
  });
  process.stderr.on('error', () => process.exit(EXIT_CLOSED_PIPE));
}

function unwritable(cause: Error): AppError {
  const systemCode = systemErrorCode(cause);
  const isFull = systemCode === 'ENOSPC' || systemCode === 'EDQUOT';
  return new AppError(isFull ? 'OUT_OF_SPACE' : 'STORAGE_FAILED', 'what the command prints could not be written', {
    hint: 'Look at the file or the disk that its output goes to.',
    ...(systemCode !== undefined && { details: { systemCode } }),
    cause,
  });
}
