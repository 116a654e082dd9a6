/**
 * Counts tries that failed, and makes whoever goes on wait, longer each time. A try counts before it is known whether it
 * is right, so that many at once gain nothing; one that was right takes its count back.
 */
import { isIP } from 'node:net';
import { AppError } from '../../shared/errors.ts';

interface Limit {
  /** So many are free. */
  readonly free: number;
  /** The wait after the first that was not, doubled with each further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

const MINUTE_MS = 60_000;
/** One name from one address: somebody who mistypes, or guesses. */
const PAIR: Limit = { free: 5, firstWaitMs: 30_000, longestWaitMs: 15 * MINUTE_MS };
/** One name from anywhere: guessing from many addresses. Not for addresses where the name was right before. */
const NAME: Limit = { free: 20, firstWaitMs: MINUTE_MS, longestWaitMs: 15 * MINUTE_MS };
/** Any name from one address. */
const ADDRESS: Limit = { free: 30, firstWaitMs: MINUTE_MS, longestWaitMs: 60 * MINUTE_MS };

const ACCOUNT_HINT =
  'Nothing is lost. Whoever runs the service can set another password: holdfast accounts password NAME.';

/** So long after the last try it is as if there had been none. */
const FORGOTTEN_MS = 60 * MINUTE_MS;
/** What an attacker can make us remember. */
const MAX_REMEMBERED = 10_000;

interface Count {
  failed: number;
  lastAtMs: number;
  freeAtMs: number;
}

/** A try that was counted. It stays counted where neither is said. */
export interface Attempt {
  /** It was right: those that failed before are forgotten. */
  right(): void;
  /** Nothing was tried: it does not count, and those before it do. */
  untried(): void;
}

export interface Attempts {
  /**
   * Counts a try.
   *
   * @param hint for whoever has to wait; by default that of an account's password.
   * @throws {AppError} TOO_MANY_TRIES with `retryAfterSeconds`; the same for names that exist and names that do not.
   */
  begin(name: string, address: string, hint?: string): Attempt;
}

export function createAttempts(now: () => number = Date.now): Attempts {
  const counts = new Map<string, Count>();
  const known = new Set<string>();
  return {
    begin(name, address, hint = ACCOUNT_HINT) {
      const network = networkOf(address);
      const pair = `${network} ${name}`;
      const limits: [string, Limit][] = [
        [`pair ${pair}`, PAIR],
        [`address ${network}`, ADDRESS],
      ];
      if (!known.has(pair)) limits.push([`name ${name}`, NAME]);
      const atMs = now();
      const waitMs = Math.max(...limits.map(([key]) => (current(counts, key, atMs)?.freeAtMs ?? 0) - atMs));
      if (waitMs > 0) throw tooMany(waitMs, hint);
      for (const [key, limit] of limits) count(counts, key, limit, atMs);
      return {
        right() {
          counts.delete(`pair ${pair}`);
          for (const [key] of limits) takeBack(counts, key);
          remember(known, pair);
        },
        untried() {
          // Who has to wait because of others goes on waiting.
          for (const [key, { free }] of limits) if ((counts.get(key)?.failed ?? 0) <= free) takeBack(counts, key);
        },
      };
    },
  };
}

function count(counts: Map<string, Count>, key: string, limit: Limit, atMs: number): void {
  const failed = (current(counts, key, atMs)?.failed ?? 0) + 1;
  const over = failed - limit.free;
  const waitMs = over < 0 ? 0 : Math.min(limit.longestWaitMs, limit.firstWaitMs * 2 ** Math.min(over, 20));
  // Deleted first, so that the map stays in the order of the last try and the longest ago is forgotten first.
  counts.delete(key);
  counts.set(key, { failed, lastAtMs: atMs, freeAtMs: atMs + waitMs });
  for (const oldest of counts.keys()) {
    if (counts.size <= MAX_REMEMBERED) break;
    counts.delete(oldest);
  }
}

function takeBack(counts: Map<string, Count>, key: string): void {
  const entry = counts.get(key);
  if (entry === undefined) return;
  entry.failed--;
  entry.freeAtMs = 0;
}

function current(counts: Map<string, Count>, key: string, atMs: number): Count | undefined {
  const entry = counts.get(key);
  if (entry === undefined || Math.max(entry.lastAtMs, entry.freeAtMs) + FORGOTTEN_MS > atMs) return entry;
  counts.delete(key);
  return undefined;
}

function remember(known: Set<string>, pair: string): void {
  known.delete(pair);
  known.add(pair);
  for (const oldest of known) {
    if (known.size <= MAX_REMEMBERED) break;
    known.delete(oldest);
  }
}

/** Whoever has one IPv6 address has the 2^64 beside it. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function tooMany(waitMs: number, hint: string): AppError {
  const seconds = Math.ceil(waitMs / 1000);
  const said = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new AppError('TOO_MANY_TRIES', `too many tries failed; the next is possible in ${said}`, {
    hint,
    details: { retryAfterSeconds: seconds },
  });
}
