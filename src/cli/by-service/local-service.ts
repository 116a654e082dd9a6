/** A service of the same user that is running on this computer, as commands talk to it: over its socket. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readServiceFacts } from '../../service/index.ts';
import { AppError, ERROR_CODES, type ErrorCode } from '../../shared/errors.ts';
import type { CliContext } from '../context.ts';

export interface LocalService {
  /** Asks for `path` below `/api/v1`. @returns the answer, not looked at. @throws {AppError} as the service says */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/**
 * The service that keeps the vault in this folder, where one is running.
 *
 * What talks HTTP is loaded only where there is a socket: most commands run without a service.
 */
export async function localService(
  { places, signal }: CliContext,
  vaultDir: string,
): Promise<LocalService | undefined> {
  const socketPath = join(places.stateDir, 'service.sock');
  const isPipe = process.platform === 'win32';
  if (!isPipe && !existsSync(socketPath)) return undefined;
  if (readServiceFacts(places.stateDir)?.vaultDir !== resolve(vaultDir)) return undefined;
  const { askLocally, localSocketPath } = await import('../../server/index.ts');
  const path = localSocketPath(places.stateDir);
  if ((await askLocally(path, '/health', { signal })) === undefined) return undefined;
  return {
    async ask(method, address, body) {
      const answer = await askLocally(path, address, { method, ...(body === undefined ? {} : { body }) });
      if (answer === undefined) throw gone();
      const content: unknown = answer.status === 204 ? undefined : await answer.json();
      if (answer.ok) return content;
      throw asError(content);
    },
  };
}

function gone(): AppError {
  return new AppError('CONNECTION_LOST', 'the service does not answer any more', {
    hint: 'Look whether it still runs. What it had begun goes on when it runs again.',
  });
}

/** What the service could not do, as if it had been tried here. */
function asError(content: unknown): AppError {
  const { code, message, hint } = problemIn(content);
  return new AppError(code, message, hint === undefined ? {} : { hint });
}

/** An error of the API, or of a job. A code that this version does not know is told as what it says. */
export function problemIn(content: unknown): { code: ErrorCode; message: string; hint: string | undefined } {
  const problem = typeof content === 'object' && content !== null ? new Map(Object.entries(content)) : new Map();
  const text = (key: string): string | undefined => {
    const value: unknown = problem.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  const code = text('code') ?? '';
  return {
    code: isKnown(code) ? code : 'CONNECTION_LOST',
    message: text('message') ?? 'the service failed',
    hint: text('hint'),
  };
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
