import { setImmediate } from 'node:timers/promises';
import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import type { Anchor, Part } from './parts.ts';

/** What one backup has of a part. */
export interface PartSurvey {
  readonly domains: Set<string>;
  files: number;
  bytes: number;
  /** The first of the part's anchors that the backup has. */
  readonly anchor: Anchor | undefined;
}

/** Entries looked at before other work gets its turn. */
const ENTRIES_PER_TURN = 16_384;

/**
 * Goes through everything in a backup that belongs to one of the parts, each entry once, and adds it up.
 *
 * @param visit told of each, in the order of the backup's list.
 */
export async function surveyParts(
  backup: Backup,
  parts: readonly Part[],
  visit: (entry: ManifestEntry, part: Part) => void,
  signal: AbortSignal | undefined,
): Promise<Map<Part, PartSurvey>> {
  const surveys = new Map(
    parts.map((part): [Part, PartSurvey] => [
      part,
      { domains: new Set(), files: 0, bytes: 0, anchor: part.anchors.find((each) => hasAnchor(backup, each)) },
    ]),
  );
  let seen = 0;
  for (const domain of chosenDomains(backup, parts)) {
    for (const entry of backup.manifest.entries({ domain, onProblem: () => {} })) {
      if (++seen % ENTRIES_PER_TURN === 0) {
        signal?.throwIfAborted();
        await setImmediate();
      }
      const part = parts.find((each) => each.hasPath(domain, entry.relativePath));
      const survey = part && surveys.get(part);
      if (part === undefined || survey === undefined) continue;
      visit(entry, part);
      if (entry.kind !== 'file') continue;
      survey.domains.add(domain);
      survey.files += 1;
      survey.bytes += sizeOf(entry);
    }
  }
  return surveys;
}

function chosenDomains({ manifest }: Backup, parts: readonly Part[]): Set<string> {
  const [domains, others] = [new Set<string>(), new Set<string>()];
  for (const { domain } of manifest.listing({ onProblem: () => {} })) {
    if (domains.has(domain) || others.has(domain)) continue;
    (parts.some((part) => part.hasDomain(domain)) ? domains : others).add(domain);
  }
  return domains;
}

function hasAnchor({ manifest }: Backup, { domain, relativePath }: Anchor): boolean {
  if (!relativePath.endsWith('/')) return manifest.find(domain, relativePath)?.kind === 'file';
  return manifest
    .entries({ domain, onProblem: () => {} })
    .some((entry) => entry.kind === 'file' && entry.relativePath.startsWith(relativePath));
}

function sizeOf(entry: ManifestEntry): number {
  try {
    return entry.outline().sizeBytes ?? 0;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return 0;
  }
}
