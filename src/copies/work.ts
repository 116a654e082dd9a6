import { AppError, isAppError } from '../shared/errors.ts';
import { sentence } from '../shared/text/sentence.ts';
import { openVault, type RepairEvent, type Vault, type VaultProblem } from '../vault/index.ts';
import type {
  Copy,
  OpenDonor,
  RestoreCopyEvent,
  RunEvent,
  RunOptions,
  VerifyCopyEvent,
  VerifyOptions,
} from './copy.ts';
import { lockCopy } from './copy-lock.ts';
import { FoundDamage } from './found-damage.ts';
import { appendAttempt, attemptsOf, type Attempt } from './history.ts';
import { openCopy, type CopiesContext } from './open-copy.ts';
import type { CopyEntry } from './registry.ts';
import { damagedIn, incompleteIn } from './status.ts';
import { watchWindow } from './window.ts';

const PRUNE_EVERY_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Runs a copy, and puts down how it ended. Leaving the iteration early counts as cancelled.
 *
 * @param options.byItself whether it runs because it is time, and not because a person wants it now: it then stops, as
 * when it is interrupted, where the hours end in which it may.
 * @throws {AppError} COPY_UNREACHABLE when its place is not there now, COPY_UNEXPECTED, COPY_FAILED, WRONG_PASSWORD…;
 * ALREADY_RUNNING while another process does something with it.
 */
export async function* runCopy(
  context: CopiesContext,
  vault: Vault,
  entry: CopyEntry,
  options: Pick<RunOptions, 'bytesPerSecond' | 'signal'> & { readonly byItself?: boolean } = {},
): AsyncGenerator<RunEvent, undefined> {
  const copied: string[] = [];
  let newBytes = 0;
  yield* recorded(
    context,
    entry,
    'run',
    async function* () {
      const attempts = await attemptsOf(context.stateDir, entry.name);
      const incomplete = incompleteIn(attempts);
      const everCopied = new Set(attempts.flatMap((each) => each.copied ?? [])).difference(incomplete);
      const lastPruned = attempts.findLast((each) => each.pruned === true)?.at;
      // One of the future is of a clock that was wrong.
      const isPruneDue = Math.abs(nowOf(context).getTime() - (lastPruned?.getTime() ?? 0)) >= PRUNE_EVERY_MS;
      using window = watchWindow(options.byItself === true ? entry : {}, () => nowOf(context));
      const signal = AbortSignal.any([window.over, ...(options.signal === undefined ? [] : [options.signal])]);
      try {
        signal.throwIfAborted();
        const copy = await openCopy(context, entry);
        for await (const event of copy.run(vault, { ...options, signal, everCopied, incomplete, isPruneDue })) {
          if (event.kind === 'copied') {
            copied.push(event.snapshot.id);
            newBytes += event.newBytes;
          }
          yield event;
        }
      } catch (error) {
        const isPaused = window.over.aborted && options.signal?.aborted !== true && isAbort(error);
        if (!isPaused || entry.window === undefined) throw error;
        yield { kind: 'paused', copied: copied.length, newBytes, window: entry.window };
      }
    },
    (event) => ({
      copied,
      ...(event?.kind === 'paused' && { outcome: 'paused', newBytes }),
      ...(event?.kind === 'done' && {
        newBytes: event.newBytes,
        newest: event.newest,
        ...(event.pruned === true && { pruned: true }),
        ...(event.damaged > 0 && { problems: event.damaged }),
      }),
    }),
  );
}

/**
 * Reads a copy back, by turns a different part of it, and puts down what was proven. To repair, what was found damaged is
 * read again first.
 *
 * @throws {AppError} as `runCopy`
 */
export async function* verifyCopy(
  context: CopiesContext,
  vault: Vault,
  entry: CopyEntry,
  options: VerifyOptions = {},
): AsyncGenerator<VerifyCopyEvent, undefined> {
  let part: number | undefined;
  const damage = new FoundDamage();
  yield* recorded(
    context,
    entry,
    'verify',
    async function* () {
      part = options.part ?? (await nextPart(context, entry, options.repair === true));
      for await (const event of (await openCopy(context, entry)).verify(vault, { ...options, part })) {
        damage.note(event);
        yield event;
      }
    },
    (event) => verifiedFacts(event, damage, part, entry),
  );
}

function verifiedFacts(
  event: VerifyCopyEvent | undefined,
  damage: FoundDamage,
  part: number | undefined,
  entry: CopyEntry,
): Partial<Attempt> {
  const found = damage.facts();
  if (event?.kind === 'done') {
    const { proven, unproven, newest, whole, part: done } = event;
    return {
      ...found,
      proven: [...proven],
      unproven: [...unproven],
      newest,
      ...(whole !== undefined && { whole: [...whole] }),
      ...(done !== undefined && { part: done }),
    };
  }
  if (found.problems === 0) return {};
  const isInParts = entry.kind === 'restic' && part !== undefined;
  return { ...found, ...(isInParts && { part: `${part}/${entry.readParts}` }) };
}

export type RepairFromCopiesEvent =
  | RepairEvent
  /** A copy that could not be asked. */
  | { readonly kind: 'absent'; readonly copy: string; readonly error: AppError };

/**
 * Verifies the vault, and fetches back what is damaged or missing from any copy that has it. Copies that cannot be
 * reached are told and passed over.
 *
 * @param vault open for writing.
 * @param known what a verification has found just now; everything is read to find it when left out.
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
 */
export async function* repairFromCopies(
  context: CopiesContext,
  vault: Vault,
  entries: readonly CopyEntry[],
  signal?: AbortSignal,
  known?: readonly VaultProblem[],
): AsyncGenerator<RepairFromCopiesEvent, undefined> {
  await using stack = new AsyncDisposableStack();
  const donors: OpenDonor[] = [];
  // A second vault gives at once what has to be searched in a repository.
  for (const entry of entries.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))) {
    try {
      donors.push(stack.use(await (await openCopy(context, entry)).openDonor(vault)));
    } catch (error) {
      if (!isAppError(error)) throw error;
      yield { kind: 'absent', copy: entry.name, error };
    }
  }
  yield* vault.repair({ donors, known, signal });
}

/**
 * Rebuilds a vault from a copy, in a folder that is missing or empty: it gets the id of the vault that was copied and is
 * that vault again. Where that vault is, it gets back the snapshots that it does not have any more.
 *
 * @throws {AppError} as `runCopy`; VAULT_NOT_FOUND when something else is in the folder.
 */
export async function* restoreCopy(
  copy: Copy,
  dir: string,
  vaultId: string | undefined,
  signal?: AbortSignal,
): AsyncGenerator<RestoreCopyEvent, undefined> {
  await using vault = await openVault(dir, {
    create: true,
    purpose: 'a restore from a copy',
    ...(vaultId !== undefined && { id: vaultId }),
  });
  if (vaultId !== undefined && vault.id !== vaultId) {
    throw new AppError('COPY_UNEXPECTED', `what lies in ${dir} is another vault than the one that was copied`, {
      hint: 'Choose a new or empty folder.',
      details: { dir, expectedId: vaultId, foundId: vault.id },
    });
  }
  yield* copy.restoreInto(vault, signal);
}

/** The part to read after the one that was read last; to repair, one that is known to be damaged. */
async function nextPart({ stateDir }: CopiesContext, entry: CopyEntry, isRepair: boolean): Promise<number | undefined> {
  if (entry.kind !== 'restic') return undefined;
  const attempts = await attemptsOf(stateDir, entry.name);
  const damaged = isRepair ? damagedIn(attempts).at(-1)?.part : undefined;
  if (damaged !== undefined) return Number(damaged.split('/')[0]);
  const last = attempts.findLast(({ part }) => part !== undefined)?.part;
  return (Number(last?.split('/')[0] ?? 0) % entry.readParts) + 1;
}

/** Does a job while nobody else does anything with the copy, passes on what it tells and puts down its end. */
async function* recorded<Event extends { readonly kind: string }>(
  context: CopiesContext,
  { name }: CopyEntry,
  kind: Attempt['kind'],
  job: () => AsyncIterable<Event>,
  factsOf: (last: Event | undefined) => Partial<Attempt>,
): AsyncGenerator<Event, undefined> {
  // Whoever comes second has tried nothing.
  using _alone = lockCopy(context.stateDir, name);
  let last: Event | undefined;
  let end: Partial<Attempt> & Pick<Attempt, 'outcome'> = { outcome: 'cancelled' };
  try {
    for await (const event of job()) {
      last = event;
      yield event;
    }
    end = { outcome: 'done' };
  } catch (error) {
    if (isAppError(error)) end = endOf(error);
    else if (!isAbort(error)) end = { outcome: 'failed', sentence: 'Something happened that nobody foresaw.' };
    throw error;
  } finally {
    await appendAttempt(context.stateDir, name, { at: nowOf(context), kind, ...end, ...factsOf(last) });
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

function endOf({ code, message, hint }: AppError): Partial<Attempt> & Pick<Attempt, 'outcome'> {
  const outcome = code === 'CANCELLED' ? 'cancelled' : code === 'COPY_UNREACHABLE' ? 'not-connected' : 'failed';
  return { outcome, code, sentence: sentence(message), ...(hint === undefined ? {} : { hint }) };
}

const nowOf = ({ now = () => new Date() }: CopiesContext): Date => now();
