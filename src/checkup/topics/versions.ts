import { because, type CheckupLine, type Reason, type ReasonCode } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { DeepFinding, DeepSummary } from '../../snapshot/index.ts';
import { newestOfEach, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import type { TopicContext, TopicProgress } from '../host.ts';
import { line } from '../line.ts';

/** The newest version of each device, in the order of their names; one that a wrong clock dated only where it is alone. */
export function newestVersions(vault: Vault, now: Date): SnapshotRecord[] {
  return newestOfEach(vault.snapshots(), now).toSorted((a, b) => a.device.name.localeCompare(b.device.name));
}

/** Opens every file of a version as a restore would, and looks whether it is what the device sent. */
export async function* lookAtVersion(
  { host, signal }: TopicContext,
  record: SnapshotRecord,
): AsyncGenerator<TopicProgress, CheckupLine[]> {
  const found = new Found();
  let summary: DeepSummary | undefined;
  try {
    for await (const event of host.verifyVersion(record, signal)) {
      if (event.kind === 'progress') {
        const fraction = event.totalBytes === 0 ? undefined : Math.min(1, event.bytes / event.totalBytes);
        yield { kind: 'progress', fraction, bytes: event.bytes };
      } else if (event.kind === 'finding') found.add(event.finding);
      else if (event.kind === 'done') summary = event.summary;
    }
  } catch (error) {
    if (!isAppError(error) || error.code === 'CANCELLED') throw error;
    if (error.code === 'WRONG_PASSWORD') {
      const steps = [because('do-keep-password', {})];
      return [versionLine(record, 'unproven', because('version-no-password', versionOf(record)), true, steps)];
    }
    const broken = because('version-broken', { ...versionOf(record), error: error.code });
    return [versionLine(record, 'failed', broken, true, [because('do-repair', {})])];
  }
  return summary === undefined ? [] : [verdictLine(record, summary, found)];
}

/** Where there is no time for it: what is known from before. */
export function versionNotTried(record: SnapshotRecord, provenAt: Date | undefined): CheckupLine {
  const reason = because('version-not-tried', {
    ...versionOf(record),
    ...(provenAt && { provenAt: provenAt.toISOString() }),
  });
  return versionLine(record, 'unproven', reason, false, [because('do-let-checkup-finish', {})]);
}

function verdictLine(record: SnapshotRecord, summary: DeepSummary, found: Found): CheckupLine {
  const { files, bytes } = summary;
  const problems = Object.values(summary.findings).reduce((sum, count) => sum + count, 0);
  const proofs = proofReasons(summary);
  if (problems === 0) {
    const proven = because('version-proven', { ...versionOf(record), files, bytes });
    return versionLine(record, 'proven', proven, true, proofs);
  }
  const failed = because('version-failed', { ...versionOf(record), problems });
  const step = found.isOnlyUnreadable ? because('do-repair', {}) : because('do-back-up-fully', {});
  const more = [...found.reasons(), step];
  return versionLine(record, 'failed', failed, !found.isAllAsSent, more);
}

function proofReasons({ decrypted, digestsMatched, withoutDigest, databases }: DeepSummary): Reason[] {
  return [
    ...(decrypted === undefined ? [] : [because('version-decrypted', { files: decrypted })]),
    ...(digestsMatched === 0 ? [] : [because('version-digests', { matched: digestsMatched, without: withoutDigest })]),
    ...(databases === 0 ? [] : [because('version-databases', { databases })]),
  ];
}

function versionLine(
  record: SnapshotRecord,
  state: CheckupLine['state'],
  reason: Reason,
  essential: boolean,
  more: readonly Reason[],
): CheckupLine {
  return line('versions', state, reason, { subject: record.device.name, udid: record.udid, essential }, more);
}

const versionOf = ({ id, takenAt }: SnapshotRecord) => ({ version: id, takenAt: takenAt.toISOString() });

const CODES = {
  missing: 'found-missing',
  changed: 'found-changed',
  'cut-off': 'found-cut-off',
  'key-damaged': 'found-without-key',
  'lost-keys': 'found-without-key',
  'class-without-key': 'found-without-key',
  undecryptable: 'found-undecryptable',
  unreadable: 'found-unreadable',
  database: 'found-database',
  'property-list': 'found-property-list',
  'entry-damaged': 'found-manifest-damaged',
  'manifest-damaged': 'found-manifest-damaged',
} as const satisfies Record<DeepFinding['kind'], ReasonCode>;

/** What is wrong with a version, counted by kind, with one of each named. */
class Found {
  /** Whether the device sent all of it just so: it has the same damage, and no copy has it better. */
  isAllAsSent = true;
  readonly #kinds = new Map<(typeof CODES)[keyof typeof CODES], { files: number; example: string }>();

  /** Whether it is all for want of bytes, which a copy may have. */
  get isOnlyUnreadable(): boolean {
    return [...this.#kinds.keys()].every((code) => code === 'found-unreadable');
  }

  add(finding: DeepFinding): void {
    if (!('asSent' in finding && finding.asSent)) this.isAllAsSent = false;
    const [example] = 'examples' in finding ? finding.examples : 'file' in finding ? [finding.file] : [];
    const code = CODES[finding.kind];
    const known = this.#kinds.get(code) ?? {
      files: 0,
      example: example === undefined ? '?' : `${example.domain}/${example.relativePath}`,
    };
    known.files += 'files' in finding ? finding.files : 1;
    this.#kinds.set(code, known);
  }

  reasons(): Reason[] {
    return Array.from(this.#kinds, ([code, { files, example }]) =>
      code === 'found-manifest-damaged' ? because(code, {}) : because(code, { files, example }),
    );
  }
}
