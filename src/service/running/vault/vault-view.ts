import type { SnapshotSummary } from '../../../contract/index.ts';
import { AppError, isAppError } from '../../../shared/errors.ts';
import {
  knownProblems,
  listKnownVault,
  type SnapshotLabels,
  type SnapshotRecord,
  type VaultListing,
} from '../../../vault/index.ts';

/** Lists are read again after so long, for what commands do beside the service. */
const FRESH_MS = 2_000;

/** The list of versions, read again when it may have changed. */
export class VaultView {
  readonly #place: { readonly dir: string; readonly stateDir: string };
  #read: { readonly atMs: number; readonly listing: Promise<VaultListing> } | undefined;
  #problem: AppError | undefined;

  constructor(place: { readonly dir: string; readonly stateDir: string }) {
    this.#place = place;
  }

  /** Why the vault cannot be read, as far as was seen the last time; one that was never made is no problem. */
  get problem(): AppError | undefined {
    return this.#problem;
  }

  /** The next question is answered by what is there then. */
  forget(): void {
    this.#read = undefined;
  }

  /** What the vault holds; nothing where it is not there. `problem` says why. */
  async listing(): Promise<Pick<VaultListing, 'snapshots' | 'labels'> & Partial<Pick<VaultListing, 'id'>>> {
    if (this.#read === undefined || performance.now() - this.#read.atMs > FRESH_MS) {
      this.#read = { atMs: performance.now(), listing: listKnownVault(this.#place) };
    }
    const { listing } = this.#read;
    try {
      const found = await listing;
      this.#problem = undefined;
      return found;
    } catch (error) {
      if (!isAppError(error)) throw error;
      this.#problem = error;
      return { snapshots: [], labels: new Map() };
    }
  }
}

export function summaryOf(record: SnapshotRecord, labels: SnapshotLabels = {}): SnapshotSummary {
  const { id, udid, device, takenAt, kind, encrypted, list, newBytes, warnings } = record;
  const problems = knownProblems(record, labels);
  return {
    id,
    udid,
    deviceName: device.name,
    productVersion: device.productVersion,
    takenAt: takenAt.toISOString(),
    kind,
    encrypted,
    files: list.files,
    bytes: list.bytes,
    newBytes,
    pinned: labels.pinned === true,
    ...(labels.name === undefined ? {} : { name: labels.name }),
    ...(labels.note === undefined ? {} : { note: labels.note }),
    ...(labels.deepVerifiedAt === undefined ? {} : { deepVerifiedAt: labels.deepVerifiedAt.toISOString() }),
    ...(labels.deepVerifyProblems === undefined && problems === 0 ? {} : { deepVerifyProblems: problems }),
    warnings,
  };
}
