/** Small turns of phrase between what a backup records and what is told of it. */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';

export const isoOf = (at: Date | null | undefined): string | undefined =>
  at === null || at === undefined || Number.isNaN(at.getTime()) || Math.abs(at.getTime()) > LATEST_MS
    ? undefined
    : at.toISOString();

/** Years of four digits are all that a date of the contract holds. */
const LATEST_MS = Date.UTC(9999, 0, 1);

/** What is recorded and empty is told like what is not recorded. */
export const orNone = <T>(value: T | null | undefined): T | undefined => value ?? undefined;
export const textOrNone = (value: string | null | undefined): string | undefined => value || undefined;

const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)[^\s]+$/i;

/** An address that a page may lead to. Scripts and files behind an address of a backup are only text. */
export function safeLink(url: string | null | undefined): string | undefined {
  return url && url.length < 8192 && SAFE_LINK.test(url) ? url : undefined;
}

/** A short name for something whose own one is long or holds a telephone number: the same in every version. */
export const shortId = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 16);

/** One page of a list that is there as a whole. */
export function pageFrom<T, U>(
  all: readonly T[],
  { from, limit }: { readonly from: number; readonly limit: number },
  tell: (item: T, index: number) => U,
): { items: U[]; total: number; next?: number } {
  const items = all.slice(from, from + limit).map((item, i) => tell(item, from + i));
  const next = from + limit < all.length ? { next: from + limit } : {};
  return { items, total: all.length, ...next };
}

/** @throws {AppError} CONTENT_NOT_FOUND for a kind that the version does not have. */
export function demandKind<T>(content: T | undefined, what: string): T {
  if (content !== undefined) return content;
  throw new AppError('CONTENT_NOT_FOUND', `this version holds no ${what}`);
}

/** @throws {AppError} CONTENT_NOT_FOUND */
export function demandItem<T>(item: T | undefined, what: string): T {
  if (item !== undefined) return item;
  throw new AppError('CONTENT_NOT_FOUND', `this version does not hold this ${what}`);
}
