import type { ListStore } from '../lists/list-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { AffectedFile } from '../verify/problem.ts';

/** An object that the vault needs and does not have whole. */
export interface WantedObject {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Files of snapshots that have these bytes; not always all. */
  readonly files: readonly AffectedFile[];
}

/** What a donor hands out; whether the bytes are the right ones is for the vault to check. */
export interface FetchedObject {
  readonly sha256: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A restored backup folder, which is gone after use. */
export interface DonatedFolder extends AsyncDisposable {
  /** The folder of the device: `Manifest.plist` and the rest lie directly in it. */
  readonly folder: string;
}

/** A place that may have what a vault has lost: a second vault, a restic repository. */
export interface ObjectDonor {
  /** As a person calls the place. */
  readonly name: string;
  /** Hands out those of the objects that it has, in any order. */
  objects(wanted: readonly WantedObject[], signal?: AbortSignal): AsyncIterable<FetchedObject>;
  /** The file of a snapshot's record, undefined where there is none. */
  record(udid: string, id: string): Promise<Buffer | undefined>;
  /** Where file lists can be had, undefined where there are none as such. */
  readonly lists?: ListStore;
  /** A snapshot as the folder it is, for a donor without lists; undefined when it does not have the snapshot. */
  folder?(record: SnapshotRecord, signal?: AbortSignal): Promise<DonatedFolder | undefined>;
}
