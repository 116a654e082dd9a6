import {
  openManifest,
  readInfo,
  readManifestPlist,
  type BackupSource,
  type InfoFacts,
  type ManifestFacts,
} from '../snapshot/index.ts';
import type { SnapshotRecord, Vault } from '../vault/index.ts';
import { snapshotSource } from './open-for-reading.ts';

export interface SnapshotDescription {
  readonly record: SnapshotRecord;
  /** What the computer wrote down of the device, where it did. */
  readonly info: InfoFacts | undefined;
  readonly manifest: ManifestFacts | undefined;
  /** Files and bytes by kind of domain, largest first; undefined where only the password would tell. */
  readonly contents: readonly DomainCount[] | undefined;
}

export interface DomainCount {
  /** "AppDomain" for all apps together, else the domain itself: "CameraRollDomain". */
  readonly domain: string;
  readonly files: number;
}

/** Reads what a snapshot tells about itself. @throws {AppError} SNAPSHOT_CORRUPT, FORMAT_INVALID */
export async function describeSnapshot(vault: Vault, record: SnapshotRecord): Promise<SnapshotDescription> {
  using view = vault.openSnapshot(record);
  const source = snapshotSource(view);
  const [info, manifest] = [await readInfo(source), await readManifestPlist(source)];
  return { record, info, manifest, contents: record.encrypted ? undefined : await countDomains(source) };
}

async function countDomains(source: BackupSource): Promise<DomainCount[]> {
  using manifest = await openManifest(source);
  const counts = new Map<string, number>();
  for (const { domain, kind } of manifest.entries()) {
    if (kind !== 'file') continue;
    // Identifiers follow the first dash: AppDomain-com.example.app.
    const name = domain.split('-', 1)[0] ?? domain;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([domain, files]) => ({ domain, files })).toSorted((a, b) => b.files - a.files);
}
