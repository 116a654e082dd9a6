import type { Coverage } from '../../content/index.ts';
import { keybagId } from '../../keybag/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { readInfo, readManifestPlist, type Backup, type InfoFacts, type ManifestFacts } from '../../snapshot/index.ts';
import { passwordDates, type SnapshotRecord } from '../../vault/index.ts';
import {
  openForReading,
  placeOf,
  type AskPassword,
  type OpenedForReading,
  type OpenForReadingRequest,
} from './open-for-reading.ts';

export interface DescribeSnapshotRequest extends OpenForReadingRequest {
  /** Whether a password that was given and is wrong is an error: one that nobody gave just now need not be. */
  readonly mustOpen?: boolean;
}

export interface SnapshotDescription {
  /** Undefined for a folder. */
  readonly record: SnapshotRecord | undefined;
  readonly folder: string | undefined;
  /** What the computer wrote down of the device, where it did. */
  readonly info: InfoFacts | undefined;
  readonly manifest: ManifestFacts | undefined;
  /** Since when the password was in use that opens it, as far as the snapshots of the device tell. */
  readonly passwordSince: Date | undefined;
  /** What is inside; undefined where only the password would tell. */
  readonly inside: Inside | undefined;
}

interface Inside {
  readonly coverage: Coverage;
  /** Files by kind of domain, most first. */
  readonly domains: readonly DomainCount[];
}

interface DomainCount {
  /** "AppDomain" for all apps together, else the domain itself: "CameraRollDomain". */
  readonly domain: string;
  readonly files: number;
}

/**
 * Reads what a backup tells about itself, and what is inside as far as it can be opened: without its password, what an
 * encrypted one tells everybody.
 *
 * @throws {AppError} SNAPSHOT_NOT_FOUND, VAULT_NOT_FOUND, NOT_A_BACKUP, SNAPSHOT_CORRUPT, WRONG_PASSWORD for a wrong one
 * @throws {FormatError} when its lists are damaged.
 */
export async function describeSnapshot(request: DescribeSnapshotRequest): Promise<SnapshotDescription> {
  const { mustOpen = true } = request;
  let gavePassword = false;
  const password: AskPassword = async (again, of) => {
    const given = await request.password(again, of);
    gavePassword ||= given !== undefined;
    return given;
  };
  try {
    await using opened = await openForReading({ ...request, password });
    const { backup, record, folder } = opened;
    // Loaded here: what reads content is most of the product, and other commands start sooner without it.
    const { describeCoverage } = await import('../../content/index.ts');
    const inside = { coverage: await describeCoverage(backup), domains: countDomains(backup) };
    const { info, facts: manifest } = backup;
    return { record, folder, info, manifest, passwordSince: sinceOf(opened, manifest), inside };
  } catch (error) {
    if ((gavePassword && mustOpen) || !isAppError(error, 'WRONG_PASSWORD')) throw error;
    await using stack = new AsyncDisposableStack();
    const { source, record, vault, folder } = await placeOf(request, stack);
    const [info, manifest] = [await readInfo(source), await readManifestPlist(source)];
    return { record, folder, info, manifest, passwordSince: sinceOf({ record, vault }, manifest), inside: undefined };
  }
}

function sinceOf(
  { record, vault }: Pick<OpenedForReading, 'record' | 'vault'>,
  manifest: ManifestFacts | undefined,
): Date | undefined {
  if (record === undefined || vault === undefined || manifest?.isEncrypted !== true) return undefined;
  const keybag = manifest.keybag && keybagId(manifest.keybag);
  return keybag === undefined ? undefined : passwordDates(vault.snapshots(record.udid)).get(keybag);
}

function countDomains(backup: Backup): DomainCount[] {
  const counts = new Map<string, number>();
  for (const { kind, domain } of backup.manifest.listing()) {
    if (kind !== 'file') continue;
    // Identifiers follow the first dash: AppDomain-com.example.app.
    const group = domain.split('-', 1)[0] ?? domain;
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return [...counts].map(([domain, files]) => ({ domain, files })).toSorted((a, b) => b.files - a.files);
}
