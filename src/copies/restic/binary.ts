import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';

const runFile = promisify(execFile);

/** Repositories of version 2, compression, JSON of `backup` and `snapshots`. */
const OLDEST = [0, 14, 0] as const;
/** Exit codes that tell a wrong password from a missing repository, `repair`, and restores into what is there. */
const FULL = [0, 17, 1] as const;

/** A restic that can be run. */
export interface ResticBinary {
  readonly path: string;
  /** "0.18.0" */
  readonly version: string;
  /** Whether it can do everything that is asked of it here; older ones do what they can. */
  readonly isFull: boolean;
}

/**
 * Looks what restic there is. Nothing is ever downloaded.
 *
 * @param path where it is; "restic" on PATH when left out.
 * @throws {AppError} PROGRAM_MISSING
 */
export async function findRestic(path = 'restic', env: NodeJS.ProcessEnv = process.env): Promise<ResticBinary> {
  const said = await askVersion(path, env);
  const [, version = '', ...numbers] = /restic ((\d+)\.(\d+)\.(\d+))/.exec(said) ?? [];
  if (version === '') throw missing(`${path} is not restic`, path);
  const actual = numbers.map(Number);
  if (!isAtLeast(actual, OLDEST)) throw missing(`restic ${version} is too old`, path);
  return { path, version, isFull: isAtLeast(actual, FULL) };
}

async function askVersion(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { PATH, HOME } = env;
    return (await runFile(path, ['version'], { env: { PATH, HOME }, timeout: 60_000 })).stdout;
  } catch (error) {
    if (isAppError(error)) throw error;
    const isAbsent = systemErrorCode(error) === 'ENOENT';
    throw missing(isAbsent ? `there is no program ${path}` : `${path} cannot be run`, path, error);
  }
}

function isAtLeast(actual: readonly number[], wanted: readonly number[]): boolean {
  for (const [at, number] of wanted.entries()) {
    const difference = (actual[at] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function missing(message: string, path: string, cause?: unknown): AppError {
  return new AppError('PROGRAM_MISSING', message, {
    hint: `Install restic ${FULL.join('.')} or newer (0.14 does for most), or say with --restic-binary where it is.`,
    details: { path },
    cause,
  });
}
