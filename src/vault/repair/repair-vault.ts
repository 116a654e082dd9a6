import { basename } from 'node:path';
import { isAppError } from '../../shared/errors.ts';
import { draftRoots } from '../drafts/open-draft.ts';
import { takeBack, type TakeBackHost } from '../import/take-back.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { damagedBases } from '../verify/damaged-bases.ts';
import type { VaultProblem } from '../verify/problem.ts';
import { verifyVault, type VerifyVaultEvent } from '../verify/verify-vault.ts';
import type { ObjectDonor } from './donor.ts';
import { isDonorsFailure, putBack, type DamagedWantedObject } from './put-back.ts';

export type RepairEvent =
  | Extract<VerifyVaultEvent, { kind: 'progress' }>
  | { readonly kind: 'problem'; readonly problem: VaultProblem }
  /** Undone, durably. `donor` is undefined where nobody's help was needed. */
  | { readonly kind: 'repaired'; readonly problem: VaultProblem; readonly donor: string | undefined }
  /** Nobody who was asked has what it takes. */
  | { readonly kind: 'unrepaired'; readonly problem: VaultProblem }
  | {
      readonly kind: 'done';
      readonly objects: number;
      readonly bytes: number;
      readonly problems: number;
      readonly repaired: number;
    };

export interface RepairOptions {
  /** Asked in this order. */
  readonly donors: readonly ObjectDonor[];
  /** What a verification has found just now, so that nothing has to be read again to find it. */
  readonly known?: readonly VaultProblem[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RepairHost extends TakeBackHost {
  readonly dir: string;
}

type ObjectProblem = Extract<VaultProblem, { kind: 'object' }>;

/**
 * Verifies a vault and undoes every damage that a donor has the bytes for: records, lists, objects, in this order,
 * because each tells what is missing of the next. Everything fetched is checked against its hash before it takes the
 * place of what is damaged, is made durable and read back. A repair may be ended at any instant.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED; the reason of `signal` when it aborts.
 */
export async function* repairVault(
  host: RepairHost,
  { donors, known, signal }: RepairOptions,
): AsyncGenerator<RepairEvent, undefined> {
  const repair = new Repair(host, donors, signal);
  if (known === undefined) yield* repair.verify();
  else for (const problem of known) yield* repair.note(problem);
  yield* repair.records();
  yield* repair.lists();
  yield* repair.bases();
  yield* repair.objects();
  yield* repair.segments();
  yield repair.done;
}

class Repair {
  readonly #host: RepairHost;
  readonly #donors: readonly ObjectDonor[];
  readonly #signal: AbortSignal | undefined;
  readonly #problems: VaultProblem[] = [];
  readonly #objects = new Map<string, ObjectProblem>();
  #checked = { objects: 0, bytes: 0 };
  #repaired = 0;

  constructor(host: RepairHost, donors: readonly ObjectDonor[], signal: AbortSignal | undefined) {
    this.#host = host;
    this.#donors = donors;
    this.#signal = signal;
  }

  get done(): Extract<RepairEvent, { kind: 'done' }> {
    const problems = this.#problems.length + this.#objects.size;
    return { kind: 'done', ...this.#checked, problems, repaired: this.#repaired };
  }

  /** Finds what is wrong; with `snapshots` only in what these need. */
  async *verify(snapshots?: readonly SnapshotRecord[]): AsyncGenerator<RepairEvent, undefined> {
    const options = { ...(snapshots && { snapshots }), ...(this.#signal && { signal: this.#signal }) };
    for await (const event of verifyVault(this.#host, options)) {
      if (event.kind === 'progress') yield event;
      else if (event.kind === 'done') {
        if (snapshots === undefined) this.#checked = { objects: event.objects, bytes: event.bytes };
      } else yield* this.note(event.problem);
    }
  }

  *note(problem: VaultProblem): Generator<RepairEvent, undefined> {
    if (problem.kind === 'list-base' && this.#problems.some((each) => isSameBase(each, problem))) return;
    if (problem.kind !== 'object') this.#problems.push(problem);
    else if (this.#objects.has(problem.sha256)) return;
    else this.#objects.set(problem.sha256, problem);
    yield { kind: 'problem', problem };
  }

  async *records(): AsyncGenerator<RepairEvent, undefined> {
    for (const problem of this.#problems.filter((each) => each.kind === 'record')) {
      const id = /-([0-9a-f]{8})\.json$/.exec(basename(problem.path))?.[1] ?? '';
      const donor = await this.#fromFirst(async (each) => {
        const bytes = await each.record(problem.udid, id);
        return bytes !== undefined && (await this.#host.snapshots.adopt(bytes))?.id === id;
      });
      yield this.#verdict(problem, donor);
      const adopted = donor && this.#host.snapshots.list(problem.udid).find((each) => each.id === id);
      if (adopted) yield* this.verify([adopted]);
    }
  }

  async *lists(): AsyncGenerator<RepairEvent, undefined> {
    for (const problem of this.#problems.filter((each) => each.kind === 'list')) {
      const records = this.#host.snapshots.list().filter(({ list }) => list.sha256 === problem.sha256);
      if (await this.#mendList(problem.sha256)) {
        yield this.#helpedItself(problem);
        yield* this.verify(records);
        continue;
      }
      const donor = await this.#fromFirst((each) => this.#fetchList(each, problem.sha256, records));
      yield this.#verdict(problem, donor);
      if (donor !== undefined) yield* this.verify(records);
    }
  }

  /** Makes the second file of a list whole again, from the first or the other way round. */
  async *bases(): AsyncGenerator<RepairEvent, undefined> {
    for (const problem of this.#problems.filter((each) => each.kind === 'list-base')) {
      const isMended = await this.#host.lists.bases.mend(problem.sha256);
      yield isMended || !(await this.#isNeededBase(problem.sha256))
        ? this.#helpedItself(problem)
        : this.#verdict(problem, undefined);
    }
  }

  /** A list is whole again when its base is, or has a second file. */
  async #mendList(sha256: string): Promise<boolean> {
    const { lists } = this.#host;
    return lists.isWhole(sha256) || (lists.bases.has(sha256) && (await lists.bases.mend(sha256)));
  }

  /** Whether a list rests on it still: one that was fetched stands by itself. */
  async #isNeededBase(sha256: string): Promise<boolean> {
    const { lists, snapshots } = this.#host;
    const named = snapshots.list().map(({ list }) => list.sha256);
    return (await damagedBases(lists, named, this.#signal)).includes(sha256);
  }

  async *objects(): AsyncGenerator<RepairEvent, undefined> {
    const open = new Map(this.#objects);
    yield* this.#keepWhole(open);
    for (const donor of this.#donors) {
      if (open.size === 0) return;
      for await (const whole of putBack(this.#host.objects, donor, wantedOf(open), this.#signal)) {
        for (const sha256 of whole) {
          const problem = open.get(sha256);
          open.delete(sha256);
          if (problem !== undefined) yield this.#verdict(problem, donor);
        }
      }
    }
    yield* this.#dropUnneeded(open);
    for (const problem of open.values()) yield this.#verdict(problem, undefined);
  }

  /** A damaged index costs nothing but its segment being written anew. */
  async *segments(): AsyncGenerator<RepairEvent, undefined> {
    for (const problem of this.#problems) {
      if (problem.kind !== 'segment-index') continue;
      await this.#host.objects.renewSegment(problem.path);
      yield this.#helpedItself(problem);
    }
  }

  /** Of what lies there both as it is and packed, and is whole one way, what is damaged is taken out of use. */
  *#keepWhole(open: Map<string, ObjectProblem>): Generator<RepairEvent, undefined> {
    for (const [sha256, problem] of open) {
      const object = { hash: Buffer.from(sha256, 'hex'), kind: problem.damage };
      if (!this.#host.objects.quarantine(object, { onlyBesideWhole: true })) continue;
      open.delete(sha256);
      yield this.#helpedItself(problem);
    }
  }

  /** What no snapshot and no unfinished backup needs is taken out of use. */
  async *#dropUnneeded(open: Map<string, ObjectProblem>): AsyncGenerator<RepairEvent, undefined> {
    const drafted = new Set<string>();
    for (const { objects } of draftRoots(this.#host.dir)) {
      for (const { hash } of objects) if (open.has(hash.toString('hex'))) drafted.add(hash.toString('hex'));
    }
    for (const [sha256, problem] of open) {
      if (problem.fileCount > 0 || drafted.has(sha256)) continue;
      this.#host.objects.quarantine({ hash: Buffer.from(sha256, 'hex'), kind: problem.damage });
      open.delete(sha256);
      yield this.#helpedItself(problem);
    }
  }

  async #fetchList(donor: ObjectDonor, sha256: string, records: readonly SnapshotRecord[]): Promise<boolean> {
    if (donor.lists !== undefined) {
      await this.#host.lists.copyFrom(donor.lists, sha256);
      return true;
    }
    for (const record of records) {
      await using donated = await donor.folder?.(record, this.#signal);
      if (donated === undefined) continue;
      if (await takeBack(this.#host, donated.folder, record, this.#signal)) return true;
    }
    return false;
  }

  /** The first donor that could help. One whose own is damaged could not. */
  async #fromFirst(help: (donor: ObjectDonor) => Promise<boolean>): Promise<ObjectDonor | undefined> {
    for (const donor of this.#donors) {
      this.#signal?.throwIfAborted();
      try {
        if (await help(donor)) return donor;
      } catch (error) {
        if (!isAppError(error, 'SNAPSHOT_CORRUPT') && !isDonorsFailure(error)) throw error;
      }
    }
    return undefined;
  }

  #helpedItself(problem: VaultProblem): RepairEvent {
    this.#repaired++;
    return { kind: 'repaired', problem, donor: undefined };
  }

  #verdict(problem: VaultProblem, donor: ObjectDonor | undefined): RepairEvent {
    if (donor === undefined) return { kind: 'unrepaired', problem };
    this.#repaired++;
    return { kind: 'repaired', problem, donor: donor.name };
  }
}

function wantedOf(problems: ReadonlyMap<string, ObjectProblem>): DamagedWantedObject[] {
  return Array.from(problems.values(), ({ sha256, sizeBytes, files, damage }) => ({
    sha256,
    sizeBytes,
    files,
    damage,
  }));
}

/** What was found with all of the vault is found again with a snapshot. */
function isSameBase(one: VaultProblem, other: VaultProblem): boolean {
  return one.kind === 'list-base' && other.kind === 'list-base' && one.sha256 === other.sha256;
}
