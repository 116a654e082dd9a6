import { setTimeout } from 'node:timers/promises';
import { isAppError, type AppError } from '../../shared/errors.ts';
import { polled } from '../../shared/flow/polled.ts';
import type { SnapshotRecord, Staging, Vault } from '../../vault/index.ts';
import {
  newestOf,
  type Copy,
  type OpenDonor,
  type RestoreCopyEvent,
  type RunEvent,
  type RunOptions,
  type VerifyCopyEvent,
  type VerifyOptions,
} from '../copy.ts';
import { assertSameRepository } from '../place.ts';
import type { ResticEntry } from '../registry.ts';
import { goneByRule, keptByRule, notThinned, type KnownHere, type Thinning } from '../retention.ts';
import type { StoredSnapshot } from './answers.ts';
import type { Repository } from './repository.ts';
import { resticDonor } from './restic-donor.ts';
import { restoreFromRestic } from './restic-restore.ts';
import { verifyRestic } from './restic-verify.ts';
import { oldStays, storeAgain, type AgainRequest, type StoredAgain } from './store-again.ts';

/** How often a snapshot is tried to be stored before giving up, and how long to wait before each next try. */
const ATTEMPT_PAUSES_MS = [5000, 30_000];
/** Failures that trying again soon does not mend. */
const FINAL_FAILURES = ['WRONG_PASSWORD', 'PROGRAM_MISSING', 'USAGE', 'CANCELLED'] as const;

/** What a copy through restic is made of, apart from the repository itself. */
export type ResticFacts = Pick<ResticEntry, 'name' | 'repositoryId' | 'readParts' | 'bytesPerSecond' | 'keep'>;

/** A restic repository, wherever it is. */
export class ResticCopy implements Copy {
  readonly #facts: ResticFacts;
  readonly #repository: Repository;
  readonly #pausesMs: readonly number[];

  /** @param pausesMs for tests: between the tries. */
  constructor(facts: ResticFacts, repository: Repository, pausesMs: readonly number[] = ATTEMPT_PAUSES_MS) {
    this.#facts = facts;
    this.#repository = repository;
    this.#pausesMs = pausesMs;
  }

  async *run(vault: Vault, options: RunOptions): AsyncGenerator<RunEvent, undefined> {
    const { whole, incomplete } = await this.#look(vault, options);
    const before = await this.#makeRoom(vault, whole, options);
    const stored = [...before.left];
    const wanted = this.#wanted(vault, stored, options.everCopied);
    using staging = wanted.length === 0 ? undefined : vault.openStaging(`the copy ${this.#facts.name}`);
    const sum = { copied: 0, damaged: 0, newBytes: 0 };
    if (wanted.some(({ id }) => options.incomplete?.has(id) === true)) yield* this.#mendIndex(options.signal);
    for (const snapshot of staging === undefined ? [] : wanted) {
      const counts = { snapshot, snapshots: sum.copied + sum.damaged, totalSnapshots: wanted.length };
      const there = { stored, incomplete: incomplete.filter(({ id }) => id === snapshot.id) };
      for await (const event of this.#copyOne(vault, staging, snapshot, there, options)) {
        if (event.kind === 'progress') yield { ...event, ...counts };
        else if (event.kind === 'note') yield event;
        else {
          sum[event.kind]++;
          if (event.kind === 'copied') sum.newBytes += event.newBytes;
          yield event;
        }
      }
    }
    staging?.tidy();
    // One may lie there twice, where nothing may be removed.
    const alreadyThere = new Set(before.left.map(({ id }) => id)).size;
    const isPruneDue = options.isPruneDue === true && before.pruned !== true;
    const after = await this.#thin(vault, stored, { ...options, isPruneDue });
    if (after.obstacle !== undefined) yield notThinned(after.obstacle);
    const there = new Set(after.left.map(({ id }) => id));
    const newest = newestOf(vault.snapshots().filter(({ id }) => there.has(id)));
    const thinned = before.removed + after.removed;
    const pruned = before.pruned === true || after.pruned;
    yield {
      kind: 'done',
      ...sum,
      alreadyThere,
      newest,
      ...(thinned > 0 && { thinned }),
      ...(pruned !== undefined && { pruned }),
    };
  }

  async *verify(vault: Vault, options: VerifyOptions): AsyncGenerator<VerifyCopyEvent, undefined> {
    await this.#recognise(options.signal);
    const { readParts: parts, bytesPerSecond } = this.#facts;
    const missing = (stored: readonly StoredSnapshot[]): SnapshotRecord[] => this.#wanted(vault, stored);
    yield* verifyRestic(this.#repository, vault, { ...options, parts, bytesPerSecond, missing });
  }

  async openDonor(vault: Vault): Promise<OpenDonor> {
    const { whole } = await this.#look(vault, {});
    const donor = resticDonor(this.#facts.name, this.#repository, whole, () => vault.openStaging('a repair'));
    return { ...donor, [Symbol.asyncDispose]: async () => undefined };
  }

  async *restoreInto(vault: Vault, signal?: AbortSignal): AsyncGenerator<RestoreCopyEvent, undefined> {
    await this.#recognise(signal);
    yield* restoreFromRestic(this.#repository, vault, signal);
  }

  /** Recognises the repository, and tells which snapshots of the vault it has, whole and not. */
  async #look(
    vault: Vault,
    { signal, incomplete = new Set() }: Pick<RunOptions, 'signal' | 'incomplete'>,
  ): Promise<{ whole: StoredSnapshot[]; incomplete: StoredSnapshot[] }> {
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      // Both take a second for deriving the key; looking at another repository does no harm.
      const [, stored] = await Promise.all([this.#recognise(either), this.#repository.snapshots(either)]);
      const ours = stored.filter(({ vaultId }) => vaultId === undefined || vaultId === vault.id);
      const files = new Map(vault.snapshots().map(({ id, list }) => [id, list.files]));
      // One that lacks files was cut short where nothing may be removed: it is sent again.
      const isWhole = (each: StoredSnapshot): boolean =>
        !incomplete.has(each.id) && (each.files === undefined || each.files > (files.get(each.id) ?? 0));
      const { true: whole = [], false: others = [] } = Object.groupBy(ours, (each) => `${isWhole(each)}`);
      return { whole, incomplete: others };
    } finally {
      // Where one has failed the other is not waited for, and does not go on behind anybody's back.
      over.abort();
    }
  }

  /** Makes sure that the repository there is the one that is meant: an empty mount point must not be made a new one. */
  async #recognise(signal: AbortSignal | undefined): Promise<void> {
    assertSameRepository(this.#facts, await this.#repository.id(signal));
  }

  /** What has to be sent, oldest first: each is then like the one sent before it. */
  #wanted(
    vault: Vault,
    stored: readonly StoredSnapshot[],
    everCopied: ReadonlySet<string> = new Set(),
  ): SnapshotRecord[] {
    const { keep } = this.#facts;
    const there = new Set(stored.map(({ id }) => id));
    const here = vault.snapshots();
    const missing = here.filter(({ id }) => !there.has(id));
    if (keep === undefined) return missing.toReversed();
    // What the rule would remove again is not sent.
    const kept = keptByRule([...stored, ...missing], keep, knownIn(vault));
    const gone = goneByRule(here, there, everCopied);
    return missing.filter(({ id }) => kept.has(id) && !gone.has(id)).toReversed();
  }

  async *#copyOne(
    vault: Vault,
    staging: Staging | undefined,
    snapshot: SnapshotRecord,
    { stored, incomplete }: { readonly stored: StoredSnapshot[]; readonly incomplete: readonly StoredSnapshot[] },
    { signal, bytesPerSecond = this.#facts.bytesPerSecond }: RunOptions,
  ): AsyncGenerator<OneEvent, undefined> {
    if (staging === undefined) return;
    const parent = stored.find(({ udid }) => udid === snapshot.udid);
    let preparedFiles = 0;
    const preparing = staging.stage(snapshot, {
      alreadyRead: vault.snapshots(snapshot.udid).find(({ id }) => id === parent?.id)?.list.sha256,
      onProgress: (files) => (preparedFiles = files),
      signal,
    });
    try {
      const staged = yield* polled(preparing, () => progress('preparing', preparedFiles, snapshot.list.files));
      for (const pauseMs of [...this.#pausesMs, undefined]) {
        let sent = { bytes: 0, totalBytes: staged.bytes };
        const request = {
          record: snapshot,
          staged,
          bytesPerSecond,
          signal,
          onProgress: (bytes: number, totalBytes: number) => void (sent = { bytes, totalBytes }),
        };
        const sending = this.#store(vault, request, parent, incomplete);
        try {
          const { resticId, newBytes, isOldGone } = yield* polled(sending, () =>
            progress('copying', sent.bytes, sent.totalBytes),
          );
          const { id, udid, takenAt } = snapshot;
          stored.unshift({ resticId, id, udid, takenAt, vaultId: vault.id });
          yield { kind: 'copied', snapshot, newBytes };
          if (!isOldGone) yield { kind: 'note', sentence: oldStays(snapshot) };
          return;
        } catch (error) {
          if (pauseMs === undefined || !isAppError(error) || isAppError(error, ...FINAL_FAILURES)) throw error;
          await setTimeout(pauseMs, undefined, signal === undefined ? {} : { signal });
        }
      }
    } catch (error) {
      if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
      // What was forgotten and pruned away meanwhile is gone, and no damage.
      if (vault.snapshots(snapshot.udid).some(({ id }) => id === snapshot.id)) {
        yield { kind: 'damaged', snapshot, error };
      }
    }
  }

  async #store(
    vault: Vault,
    request: Omit<AgainRequest, 'vault' | 'incomplete'>,
    parent: StoredSnapshot | undefined,
    incomplete: readonly StoredSnapshot[],
  ): Promise<StoredAgain> {
    if (incomplete.length > 0) return await storeAgain(this.#repository, { ...request, vault, incomplete });
    const stored = await this.#repository.backup({ ...request, vaultId: vault.id, parent: parent?.resticId });
    return { ...stored, isOldGone: true };
  }

  /** What the index names and is not there would not be sent again. */
  async *#mendIndex(signal: AbortSignal | undefined): AsyncGenerator<RunEvent, undefined> {
    try {
      await this.#repository.repairIndex(signal);
    } catch (error) {
      if (!isAppError(error, 'COPY_FAILED')) throw error;
      const sentence = `The index there could not be made anew: ${error.message}. What it names and is not there is not sent again.`;
      yield { kind: 'note', sentence };
    }
  }

  /**
   * Carries out a rule that came later, or was not carried out: a place that is full takes nothing new before. What stands
   * in its way is told in the end, if it still does.
   */
  async #makeRoom(vault: Vault, stored: readonly StoredSnapshot[], options: RunOptions): Promise<ThinnedPlace> {
    const isOverdue = this.#unwanted(vault, stored).length > 0;
    return isOverdue ? await this.#thin(vault, stored, options) : { left: stored, removed: 0 };
  }

  /** Removes there what the copy's rule does not keep. A place that lets nothing be removed is no failure. */
  async #thin(
    vault: Vault,
    stored: readonly StoredSnapshot[],
    { signal, isPruneDue = false }: RunOptions,
  ): Promise<ThinnedPlace> {
    if (this.#facts.keep === undefined || stored.length === 0) return { left: stored, removed: 0 };
    const unwanted = this.#unwanted(vault, stored);
    let removed = 0;
    let obstacle: AppError | undefined;
    try {
      if (unwanted.length > 0 || isPruneDue) await this.#repository.unlock(signal);
      await this.#repository.remove(unwanted, signal);
      removed = unwanted.length;
      if (isPruneDue) await this.#repository.prune(signal);
    } catch (error) {
      if (!isAppError(error, 'COPY_FAILED')) throw error;
      obstacle = error;
    }
    const outcome = obstacle === undefined ? { pruned: isPruneDue } : { obstacle };
    if (removed === 0) return { left: stored, removed, ...outcome };
    const left = new Set((await this.#repository.snapshots(signal)).map(({ resticId }) => resticId));
    return { left: stored.filter(({ resticId }) => left.has(resticId)), removed, ...outcome };
  }

  /** The repository's ids of what the copy's rule does not keep. */
  #unwanted(vault: Vault, stored: readonly StoredSnapshot[]): string[] {
    const { keep } = this.#facts;
    if (keep === undefined) return [];
    const kept = keptByRule(stored, keep, knownIn(vault));
    return stored.filter(({ id }) => !kept.has(id)).map(({ resticId }) => resticId);
  }
}

interface ThinnedPlace extends Thinning {
  readonly left: readonly StoredSnapshot[];
}

function knownIn(vault: Vault): KnownHere {
  return { records: vault.snapshots(), labels: vault.labels.all(), now: new Date() };
}

type OneEvent =
  | {
      readonly kind: 'progress';
      readonly phase: 'preparing' | 'copying';
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | Extract<RunEvent, { kind: 'copied' | 'damaged' | 'note' }>;

function progress(phase: 'preparing' | 'copying', bytes: number, totalBytes: number): OneEvent {
  return { kind: 'progress', phase, bytes, totalBytes };
}
