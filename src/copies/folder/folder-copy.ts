import { statSync } from 'node:fs';
import { because, type Reason } from '../../contract/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { formatSize } from '../../shared/text/size.ts';
import {
  mendMark,
  openVault,
  readMark,
  type ReplicateEvent,
  type SnapshotRecord,
  type Vault,
  type VaultProblem,
} from '../../vault/index.ts';
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
import type { FolderEntry } from '../registry.ts';
import { goneByRule, keptByRule, notThinned, type KnownHere, type Thinning } from '../retention.ts';

/**
 * Makes a second vault in a folder that is missing or empty, or finds the one that is there already.
 *
 * @returns its id, by which the disk is recognised from now on, and whether it was made now.
 * @throws {AppError} COPY_UNEXPECTED when it is another vault; VAULT_NOT_FOUND when something else is in the folder;
 * STORAGE_FAILED, OUT_OF_SPACE
 */
export async function prepareFolderCopy(vault: Vault, dir: string): Promise<{ id: string; isNew: boolean }> {
  const isNew = readMarkIfThere(dir) === undefined;
  await using copy = await openVault(dir, { create: true, copyOf: vault.id, purpose: 'setting up a copy' });
  if (copy.copyOf === vault.id) return { id: copy.id, isNew };
  throw new AppError('COPY_UNEXPECTED', `what lies in ${dir} is not a copy of this vault`, {
    hint: 'Choose an empty folder, or the folder of an earlier copy of this vault.',
    details: { dir },
  });
}

/** Whether a copy shares its disk with the vault, in which case it dies with it. */
export function isOnSameDisk(vault: Vault, dir: string): boolean {
  return statSync(vault.dir).dev === statSync(dir).dev;
}

/** A second vault in a folder or on a disk, kept by copying missing objects. */
export class FolderCopy implements Copy {
  readonly #entry: FolderEntry;

  constructor(entry: FolderEntry) {
    this.#entry = entry;
  }

  async *run(vault: Vault, options: RunOptions): AsyncGenerator<RunEvent, undefined> {
    await using copy = await this.#open('write');
    const { bytesPerSecond = this.#entry.bytesPerSecond, signal } = options;
    // A rule that came later, or was not carried out, makes room on a disk that is full. What stands in its way is told
    // in the end, if it still does.
    const before = await this.#thin(vault, copy, { ...options, isPruneDue: false });
    const snapshots = this.#wanted(vault, copy, options.everCopied);
    let done: Extract<ReplicateEvent, { kind: 'done' }> | undefined;
    for await (const event of vault.replicateTo(copy, { bytesPerSecond, signal, ...(snapshots && { snapshots }) })) {
      if (event.kind === 'progress') yield { ...event, phase: 'copying' };
      else if (event.kind === 'done') done = event;
      else yield event;
    }
    if (done === undefined) return;
    const after = await this.#thin(vault, copy, options);
    if (after.obstacle !== undefined) yield notThinned(after.obstacle);
    const isThinned = before.pruned === true || after.pruned === true;
    const thinning = isThinned ? { thinned: before.removed + after.removed, pruned: true } : {};
    yield { ...done, newest: newestOf(copy.snapshots()), ...thinning };
  }

  async *verify(vault: Vault, { repair = false, signal }: VerifyOptions): AsyncGenerator<VerifyCopyEvent, undefined> {
    await using copy = await this.#open(repair ? 'write' : 'none');
    let problems = 0;
    let repaired = 0;
    let read = { objects: 0, bytes: 0 };
    const donors = repair ? [vault.asDonor('the vault')] : [];
    const events = repair ? copy.repair({ donors, signal }) : copy.verify(signal ? { signal } : {});
    for await (const event of events) {
      if (event.kind === 'progress') yield { ...event, phase: 'reading' };
      else if (event.kind === 'problem') {
        problems++;
        yield {
          kind: 'problem',
          sentence: `${subjectOf(event.problem)} damaged there.`,
          details: detailsOf(event.problem),
          reason: reasonOf(event.problem),
        };
      } else if (event.kind === 'repaired') {
        repaired++;
        yield {
          kind: 'repaired',
          sentence: `${subjectOf(event.problem)} whole again.`,
          details: detailsOf(event.problem),
        };
      } else if (event.kind === 'done') {
        read = event;
      }
    }
    const there = new Map(copy.snapshots().map(({ id, list }) => [id, list.sha256]));
    const wanted = this.#wanted(vault, copy) ?? vault.snapshots();
    const absent = wanted.filter(({ id }) => !there.has(id)).length;
    const words = `${there.size} ${there.size === 1 ? 'snapshot' : 'snapshots'}, ${formatSize(read.bytes)}`;
    const isWhole = problems === repaired;
    yield {
      kind: 'done',
      problems,
      repaired,
      proven: isWhole ? [`Every byte there was read and compared: ${words}.`] : [],
      unproven: [
        ...(isWhole ? [] : ['Not everything there is whole.']),
        ...(absent === 0 ? [] : [`Of the snapshots in the vault, ${absent} are not there yet.`]),
      ],
      reasons: {
        proven: isWhole
          ? [because('copy-read', { versions: there.size, bytes: read.bytes }), ...sameOnes(vault, there)]
          : [],
        unproven: absent === 0 ? [] : [because('copy-behind', { versions: absent })],
      },
      newest: newestOf(copy.snapshots()),
    };
  }

  async openDonor(): Promise<OpenDonor> {
    const copy = await this.#open('none');
    return { ...copy.asDonor(this.#entry.name), [Symbol.asyncDispose]: () => copy.close() };
  }

  async *restoreInto(vault: Vault, signal?: AbortSignal): AsyncGenerator<RestoreCopyEvent, undefined> {
    await using copy = await this.#open('none');
    for await (const event of copy.replicateTo(vault, { signal })) {
      if (event.kind === 'copied') yield { kind: 'restored', snapshot: event.snapshot };
      else if (event.kind === 'damaged') yield { kind: 'damaged', snapshot: event.snapshot.id, error: event.error };
      else if (event.kind === 'done') {
        yield { kind: 'done', restored: event.copied, damaged: event.damaged, alreadyThere: event.alreadyThere };
      } else yield event;
    }
  }

  /** What is to be there; undefined for everything. What the rule would remove again is not copied. */
  #wanted(vault: Vault, copy: Vault, everCopied: ReadonlySet<string> = new Set()): SnapshotRecord[] | undefined {
    const { keep } = this.#entry;
    if (keep === undefined) return undefined;
    const there = new Set(copy.snapshots().map(({ id }) => id));
    const here = vault.snapshots();
    const missing = here.filter(({ id }) => !there.has(id));
    const kept = keptByRule([...copy.snapshots(), ...missing], keep, knownIn(vault, copy));
    const gone = goneByRule(here, there, everCopied);
    return here.filter(({ id }) => there.has(id) || (kept.has(id) && !gone.has(id)));
  }

  /** Removes there what the copy's rule does not keep, and gives its space back. */
  async #thin(vault: Vault, copy: Vault, { signal, isPruneDue = false }: RunOptions): Promise<Thinning> {
    const { keep } = this.#entry;
    if (keep === undefined) return { removed: 0 };
    const there = copy.snapshots();
    const kept = keptByRule(there, keep, knownIn(vault, copy));
    const unwanted = there.filter(({ id }) => !kept.has(id));
    if (unwanted.length === 0 && !isPruneDue) return { removed: 0 };
    try {
      await copy.forget(unwanted);
      await copy.prune({ signal });
      return { removed: unwanted.length, pruned: true };
    } catch (error) {
      if (!isAppError(error, 'SNAPSHOT_PROTECTED', 'SNAPSHOT_CORRUPT')) throw error;
      return { removed: 0, obstacle: error };
    }
  }

  /** Opens the second vault, and no other. */
  async #open(lock: 'write' | 'none'): Promise<Vault> {
    const { name, dir, copyId } = this.#entry;
    const mark = await this.#readOrMendMark();
    if (mark === undefined) {
      throw new AppError('COPY_UNREACHABLE', `the disk of the copy ${name} is not connected`, {
        hint: `Connect the disk that holds ${dir}, then run this again.`,
        details: { copy: name, dir },
      });
    }
    if (mark !== copyId) {
      throw new AppError('COPY_UNEXPECTED', `another disk than that of the copy ${name} is in ${dir}`, {
        hint: 'Connect the right disk. Nothing was written to this one.',
        details: { copy: name, dir, expectedId: copyId, foundId: mark },
      });
    }
    return openVault(dir, { purpose: `keeping the copy ${name}`, lock });
  }

  /** What it says is known here, so that one that has rotted is written anew. Undefined where there is none. */
  async #readOrMendMark(): Promise<string | undefined> {
    const { dir, copyId, vaultId } = this.#entry;
    try {
      return readMarkIfThere(dir);
    } catch (error) {
      if (!(await mendMark(dir, { id: copyId, copyOf: vaultId }, error))) throw error;
      return readMarkIfThere(dir);
    }
  }
}

/** What a person has said here counts for more than what came along there. */
function knownIn(vault: Vault, copy: Vault): KnownHere {
  return {
    records: [...copy.snapshots(), ...vault.snapshots()],
    labels: new Map([...copy.labels.all(), ...vault.labels.all()]),
    now: new Date(),
  };
}

function readMarkIfThere(dir: string): string | undefined {
  try {
    return readMark(dir).id;
  } catch (error) {
    if (isAppError(error, 'VAULT_NOT_FOUND', 'STORAGE_FAILED')) return undefined;
    throw error;
  }
}

function subjectOf(problem: VaultProblem): string {
  if (problem.kind === 'record') return `The record ${problem.path} is`;
  if (problem.kind === 'list') return `The file list of ${problem.snapshots.join(', ')} is`;
  if (problem.kind === 'segment-index') return `The index of ${problem.path} is`;
  if (problem.kind === 'list-base') return `One of the two files of ${problem.path} is`;
  const [file] = problem.files;
  const what = `${formatSize(problem.sizeBytes)} are`;
  return file === undefined ? what : `${what.slice(0, -4)} (${file.deviceName}, ${file.snapshot}: ${file.path}) are`;
}

/** The newest snapshot of each device whose list of files there is the one here: with every byte read, all is the same. */
function sameOnes(vault: Vault, there: ReadonlyMap<string, string>): Reason[] {
  const newest = new Map(
    vault
      .snapshots()
      .toReversed()
      .map((record) => [record.udid, record]),
  );
  return [...newest.values()]
    .filter(({ id, list }) => there.get(id) === list.sha256)
    .map(({ id, device }) => because('copy-same', { device: device.name, version: id }));
}

function reasonOf(problem: VaultProblem): Reason {
  if (problem.kind === 'record') return because('record-damaged', { path: problem.path });
  if (problem.kind === 'list') return because('list-damaged', { versions: problem.snapshots.join(', ') });
  if (problem.kind === 'segment-index') return because('index-damaged', { path: problem.path });
  if (problem.kind === 'list-base') return because('base-damaged', { path: problem.path });
  const { damage, sizeBytes: bytes, files, path } = problem;
  const [file] = files;
  if (file === undefined) return because('piece-unneeded', { bytes, path: path ?? problem.sha256 });
  return because(`piece-${damage}`, { device: file.deviceName, version: file.snapshot, path: file.path, bytes });
}

function detailsOf(problem: VaultProblem): Record<string, string | number> {
  if (problem.kind === 'object') {
    const { sha256, damage, sizeBytes, fileCount } = problem;
    return { problem: 'object', sha256, damage, sizeBytes, fileCount };
  }
  if (problem.kind === 'list') return { problem: 'list', sha256: problem.sha256 };
  return { problem: problem.kind, path: problem.path };
}
