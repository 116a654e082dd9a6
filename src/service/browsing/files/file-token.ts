import type { Place } from '../../../content/index.ts';
import { AppError } from '../../../shared/errors.ts';

const LONGEST = 6000;

/** A place in a backup as one word of an address. Says nothing to whoever lacks the version's password. */
export function fileToken({ domain, relativePath }: Place): string {
  return Buffer.from(`${domain}\0${relativePath}`).toString('base64url');
}

/** @throws {AppError} USAGE for what is no such word. */
export function placeOfToken(token: string): Place {
  const text = token.length > LONGEST ? '' : Buffer.from(token, 'base64url').toString();
  const at = text.indexOf('\0');
  if (at <= 0 || at === text.length - 1) throw new AppError('USAGE', 'this is not the name of a file of a backup');
  return { domain: text.slice(0, at), relativePath: text.slice(at + 1) };
}
