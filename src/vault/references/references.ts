import { availableParallelism } from 'node:os';
import { isAppError, type AppError } from '../../shared/errors.ts';
import { WorkerPool } from '../../shared/flow/worker-pool.ts';
import { scanLists, type ListChain, type ListReferences } from './scan-lists.ts';

export type { ListReferences } from './scan-lists.ts';

/** Lists that a thread reads one after another. The first of each costs more than the others. */
const MAX_CHAIN = 48;
/** Fewer are read sooner than a thread has started. */
const LISTS_WORTH_THREADS = 12;
const FILES_WORTH_THREADS = 200_000;
/** Each holds the text of a list, and of packed ones that of their base, most of which is the same memory. */
const MAX_THREADS = 4;
/** So that the lists that are held at a time stay below 120 MB. */
const MAX_FILES_AT_A_TIME = 1_000_000;

export interface ListToRead {
  readonly path: string;
  readonly sha256: string;
  /** How many files it names, about. */
  readonly files: number;
}

export interface ReferenceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of a list that cannot be read, which is left out then. Without it, such a list is an error. */
  readonly onDamaged?: (sha256: string, error: AppError) => void;
}

/**
 * Tells what lists name, in several threads where that pays. Of a list that comes after one that resembles it, only
 * what the other does not name is told, so the order counts: a device's lists by time. Between two turns the event loop
 * goes on.
 *
 * @param lists each only once.
 * @throws {AppError} SNAPSHOT_CORRUPT, STORAGE_FAILED; the reason of `signal`
 */
export async function* referencesOf(
  lists: readonly ListToRead[],
  options: ReferenceOptions = {},
): AsyncGenerator<ListReferences, undefined> {
  const files = lists.reduce((sum, list) => sum + list.files, 0);
  const largest = lists.reduce((most, list) => Math.max(most, list.files), 1);
  const threads = Math.min(MAX_THREADS, availableParallelism(), Math.floor(MAX_FILES_AT_A_TIME / largest));
  const isWorthThreads = threads > 1 && lists.length >= LISTS_WORTH_THREADS && files >= FILES_WORTH_THREADS;
  // Chains of one length, and each thread as many.
  const rounds = isWorthThreads ? threads * Math.ceil(lists.length / (threads * MAX_CHAIN)) : 1;
  const length = isWorthThreads ? Math.ceil(lists.length / rounds) : MAX_CHAIN;
  const chains: ListChain[] = [];
  for (let at = 0; at < lists.length; at += length) {
    chains.push(lists.slice(at, at + length).map(({ path, sha256 }) => ({ path, sha256 })));
  }
  yield* isWorthThreads ? readInThreads(chains, threads, options) : readHere(chains, options);
}

async function* readHere(
  chains: readonly ListChain[],
  options: ReferenceOptions,
): AsyncGenerator<ListReferences, undefined> {
  for (const chain of chains) {
    await new Promise(setImmediate);
    options.signal?.throwIfAborted();
    yield* readChain(chain, options);
  }
}

async function* readInThreads(
  chains: readonly ListChain[],
  threads: number,
  options: ReferenceOptions,
): AsyncGenerator<ListReferences, undefined> {
  await using pool = new WorkerPool<ListChain, ListReferences[] | undefined>('./scan-worker', import.meta.url, threads);
  const running: { chain: ListChain; outcome: Promise<ListReferences[] | undefined> }[] = [];
  const waiting = chains.toReversed();
  for (;;) {
    options.signal?.throwIfAborted();
    while (running.length <= threads && waiting.length > 0) {
      const chain = waiting.pop() ?? [];
      const outcome = pool.run(chain);
      // An outcome that nobody waits for any more is nobody's error.
      outcome.catch(() => undefined);
      running.push({ chain, outcome });
    }
    const next = running.shift();
    if (next === undefined) return;
    // A thread says only that something is damaged: what it is, comes to light when it is read here.
    yield* (await next.outcome) ?? readChain(next.chain, options);
  }
}

function* readChain(chain: ListChain, { onDamaged }: ReferenceOptions): Generator<ListReferences, undefined> {
  if (onDamaged === undefined) {
    yield* scanLists(chain);
    return;
  }
  const found = tryScanning(chain, () => undefined);
  if (found !== undefined) yield* found;
  else for (const list of chain) yield* tryScanning([list], (error) => onDamaged(list.sha256, error)) ?? [];
}

function tryScanning(chain: ListChain, onDamaged: (error: AppError) => void): ListReferences[] | undefined {
  try {
    return scanLists(chain);
  } catch (error) {
    if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
    onDamaged(error);
    return undefined;
  }
}
