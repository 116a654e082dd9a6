import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';

/** An older backup of the same device, opened when it is its turn. */
export interface EarlierVersion {
  readonly takenAt: Date;
  open(): Promise<AsyncDisposable & { readonly backup: Backup }>;
}

/** A backup that is open already, and stays so. */
export function asVersion(backup: Backup): AsyncDisposable & { readonly backup: Backup } {
  return { backup, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** How the rows of one kind are read and told apart. */
export interface MergedKind<T> {
  /** The rows of one backup, undefined when it has none. What is opened is given to the stack. */
  readonly read: (backup: Backup, stack: DisposableStack) => Promise<Iterable<T> | undefined>;
  /** The same for the same thing in every backup. */
  readonly keyOf: (row: T) => string;
  readonly atOf: (row: T) => Date | null | undefined;
}

/**
 * The rows of several versions of a device as one list: what a phone forgets after a while is in the older ones. Each
 * thing comes once, as the newest version that has it tells it, in the order of their times; undated ones come last.
 *
 * @param versions the oldest first; those in which the kind cannot be read are passed over.
 */
export async function mergeVersions<T>(
  versions: Iterable<() => Promise<AsyncDisposable & { readonly backup: Backup }>>,
  { read, keyOf, atOf }: MergedKind<T>,
): Promise<T[]> {
  const rows = new Map<string, T>();
  for (const open of versions) {
    await using opened = await open();
    using stack = new DisposableStack();
    try {
      for (const row of (await read(opened.backup, stack)) ?? []) rows.set(keyOf(row), row);
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) throw error;
    }
  }
  const time = (row: T): number => atOf(row)?.getTime() ?? Infinity;
  return [...rows.values()].toSorted((a, b) => (time(a) === time(b) ? 0 : time(a) - time(b)));
}
