import { setImmediate } from 'node:timers/promises';
import { isAppError } from '../../shared/errors.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { applicationsToAdd } from './applications-to-add.ts';
import { blocked, checkManifestKey, checkPair } from './check-selection.ts';
import type { Chosen } from './choice.ts';
import { countItems } from './count-items.ts';
import { partsOf, type Anchor, type CountedItems, type Part } from './parts.ts';
import { photoObstacle } from './photo-obstacle.ts';

/** How much of something there is. */
export interface PartAmount {
  readonly files: number;
  readonly bytes: number;
  /** What a person counts. Undefined where nothing is counted, or counting would take too much. */
  readonly items?: number;
}

/** One part that will be exchanged. */
export interface PlannedPart {
  readonly name: string;
  readonly title: string;
  readonly domains: readonly string[];
  /** What `items` are. */
  readonly counted?: CountedItems;
  /** On the device now. */
  readonly before: PartAmount;
  /** On the device afterwards. */
  readonly after: PartAmount;
  /** Files that only the older backup has. */
  readonly added: number;
  /** Files that both have. */
  readonly replaced: number;
  /** Files that only the device has. */
  readonly removed: number;
}

/** A part that stays as it is on the device, and why: a sentence without a full stop. */
export interface SkippedPart {
  readonly name: string;
  readonly title: string;
  readonly reason: string;
}

export interface SelectionPlan {
  readonly parts: readonly PlannedPart[];
  readonly skipped: readonly SkippedPart[];
  /** Sentences. */
  readonly warnings: readonly string[];
  /** Bundle identifiers of chosen apps that are not on the device: it is asked to load them. */
  readonly appsToLoad: readonly string[];
  /**
   * Whether the files that only the device has go. An unencrypted backup does not hold everything of a device, so that
   * removing what it lacks would cost more than was chosen: then they stay.
   */
  readonly removes: boolean;
  /** Whether what is encrypted in the older backup will be on the device's unencrypted one. */
  readonly decrypts: boolean;
}

export interface PlanRequest {
  /** The device's own backup, made just now. */
  readonly current: Backup;
  /** What the parts come from: another snapshot, of this device or another one. */
  readonly older: Backup;
  readonly choice: readonly Chosen[];
  /** The person agreed that what was encrypted will be in the device's unencrypted backups. */
  readonly allowDecryption?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What will be exchanged, from the lists of both backups; no content is read but that of the databases whose rows are
 * counted.
 *
 * @throws {AppError} RESTORE_BLOCKED when these parts cannot be brought onto this device, the older backup has none of
 * them, or decryption was not agreed to.
 */
export async function planSelection(request: PlanRequest): Promise<SelectionPlan> {
  const { current, older, choice } = request;
  const warnings = checkPair(current, older);
  checkManifestKey(current);
  const decrypts = older.isEncrypted && !current.isEncrypted;
  if (decrypts && request.allowDecryption !== true) throw decryptionRefused();
  const parts = partsOf(choice);
  const skipped: SkippedPart[] = [];
  const planned: PlannedPart[] = [];
  const surveys = await surveyBoth(request, parts);
  for (const [part, survey] of surveys) {
    const reason = obstacle(part, survey, current, older);
    if (reason === undefined) planned.push(await plannedPart(part, survey, current, older));
    else skipped.push({ name: part.name, title: part.title, reason });
  }
  if (planned.length === 0) throw nothingToTake(skipped);
  if (planned.some(({ name }) => name === 'photos')) await checkPhotos(current, older);
  const taken = parts.filter((part) => planned.some(({ title, name }) => title === part.title && name === part.name));
  const apps = applicationsToAdd(current, older, choice);
  return {
    parts: planned,
    skipped,
    warnings: [...warnings, ...cloudWarnings(taken), ...apps.warnings],
    appsToLoad: apps.missing,
    removes: current.isEncrypted,
    decrypts,
  };
}

/** The parts of a plan, to be composed. */
export function plannedParts(plan: SelectionPlan, choice: readonly Chosen[]): Part[] {
  const chosen = new Set(plan.parts.map(({ name, title }) => `${name}\n${title}`));
  return partsOf(choice).filter(({ name, title }) => chosen.has(`${name}\n${title}`));
}

interface Survey {
  readonly domains: Set<string>;
  readonly before: { files: number; bytes: number };
  readonly after: { files: number; bytes: number };
  readonly counts: { added: number; replaced: number; removed: number };
}

/** Entries looked at before other work gets its turn. */
const ENTRIES_PER_TURN = 16_384;

async function surveyBoth({ current, older, signal }: PlanRequest, parts: readonly Part[]): Promise<Map<Part, Survey>> {
  const surveys = new Map(
    parts.map((part): [Part, Survey] => [
      part,
      {
        domains: new Set(),
        before: { files: 0, bytes: 0 },
        after: { files: 0, bytes: 0 },
        counts: { added: 0, replaced: 0, removed: 0 },
      },
    ]),
  );
  let seen = 0;
  for (const [side, backup, other] of [
    ['before', current, older],
    ['after', older, current],
  ] as const) {
    for (const { part, entry } of chosenEntries(backup, parts)) {
      const survey = surveys.get(part);
      if (survey === undefined || entry.kind !== 'file') continue;
      survey.domains.add(entry.domain);
      survey[side].files += 1;
      survey[side].bytes += sizeOf(entry);
      const isInBoth = other.find(entry.domain, entry.relativePath)?.kind === 'file';
      if (side === 'before') survey.counts.removed += isInBoth ? 0 : 1;
      else survey.counts[isInBoth ? 'replaced' : 'added'] += 1;
      if (++seen % ENTRIES_PER_TURN === 0) {
        signal?.throwIfAborted();
        await setImmediate();
      }
    }
  }
  return surveys;
}

/** Everything in a backup that belongs to one of the parts, each entry once. */
export function* chosenEntries(
  backup: Backup,
  parts: readonly Part[],
): Generator<{ part: Part; entry: ManifestEntry }, undefined> {
  for (const domain of chosenDomains(backup, parts)) {
    for (const entry of backup.manifest.entries({ domain, onProblem: () => {} })) {
      const part = parts.find((each) => each.hasPath(domain, entry.relativePath));
      if (part !== undefined) yield { part, entry };
    }
  }
}

function chosenDomains({ manifest }: Backup, parts: readonly Part[]): Set<string> {
  const [domains, others] = [new Set<string>(), new Set<string>()];
  for (const { domain } of manifest.listing({ onProblem: () => {} })) {
    if (domains.has(domain) || others.has(domain)) continue;
    (parts.some((part) => part.hasDomain(domain)) ? domains : others).add(domain);
  }
  return domains;
}

async function plannedPart(part: Part, survey: Survey, current: Backup, older: Backup): Promise<PlannedPart> {
  const { domains, before, after, counts } = survey;
  const itemsBefore = await countItems(current, part);
  const itemsAfter = await countItems(older, part);
  return {
    name: part.name,
    title: part.title,
    domains: [...domains].toSorted(),
    ...(part.counted !== undefined && { counted: part.counted }),
    before: { ...before, ...(itemsBefore !== undefined && { items: itemsBefore }) },
    after: { ...after, ...(itemsAfter !== undefined && { items: itemsAfter }) },
    ...counts,
  };
}

/** Why a part has to stay as it is. */
function obstacle(part: Part, { after }: Survey, current: Backup, older: Backup): string | undefined {
  if (after.files === 0) return 'the snapshot has nothing of it';
  if (part.anchors.length === 0) return undefined;
  const then = part.anchors.find((anchor) => hasAnchor(older, anchor));
  if (then === undefined) return 'the snapshot has nothing of it';
  if (part.encryptedOnly === true && !current.isEncrypted) {
    return 'devices take it from encrypted backups only: turn encryption on for this device first';
  }
  const now = part.anchors.find((anchor) => hasAnchor(current, anchor));
  if (now === undefined || now === then) return undefined;
  return 'iOS keeps it in another place than the snapshot has it, and would not find it there';
}

function hasAnchor({ manifest }: Backup, { domain, relativePath }: Anchor): boolean {
  if (!relativePath.endsWith('/')) return manifest.find(domain, relativePath)?.kind === 'file';
  return manifest
    .entries({ domain, onProblem: () => {} })
    .some((entry) => entry.kind === 'file' && entry.relativePath.startsWith(relativePath));
}

async function checkPhotos(current: Backup, older: Backup): Promise<void> {
  for (const [backup, whose] of [
    [current, 'the device'],
    [older, 'the snapshot'],
  ] as const) {
    const reason = await photoObstacle(backup);
    if (reason === undefined) continue;
    throw blocked(`photos cannot be exchanged: ${whose} ${reason}`, {
      hint: 'Take the pictures out with `holdfast extract photos` and add them to the library of the device instead.',
    });
  }
}

function cloudWarnings(parts: readonly Part[]): string[] {
  const names = [...new Set(parts.flatMap(({ inCloud }) => inCloud ?? []))];
  if (names.length === 0) return [];
  return [
    `Where iCloud is on for ${names.join(', ')}, it brings its own state back: ` +
      'turn it off on the device before, or what you restore may vanish again.',
  ];
}

function nothingToTake(skipped: readonly SkippedPart[]): Error {
  const reasons = skipped.map(({ title, reason }) => `${title}: ${reason}`).join('; ');
  return blocked(`nothing of what you chose can be taken from this snapshot (${reasons})`, {
    hint: '`holdfast show SNAPSHOT` tells what is in it; `holdfast snapshots` lists the others.',
  });
}

function sizeOf(entry: ManifestEntry): number {
  try {
    return entry.outline().sizeBytes ?? 0;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return 0;
  }
}

function decryptionRefused(): Error {
  return blocked('the snapshot is encrypted, and the backups of this device are not', {
    hint:
      'Turn encryption on for this device first (`holdfast encryption on`), which keeps everything encrypted; ' +
      'or add --allow-decryption: then what you restore is in the device’s unencrypted backups from now on.',
  });
}
