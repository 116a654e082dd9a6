import type { RestoreWarning } from '../../contract/index.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { applicationsToAdd } from './applications-to-add.ts';
import { blocked, checkPair } from './check-selection.ts';
import { countItems } from './count-items.ts';
import type { GatheredPart, GatheredParts } from './gather-parts.ts';
import type { CountedItems, Part } from './parts.ts';
import { photoObstacle } from './photo-obstacle.ts';
import { surveyParts, type PartSurvey } from './survey.ts';

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
  readonly id: string;
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
  readonly id: string;
  readonly title: string;
  readonly why: SkippedWhy;
  readonly reason: string;
}

type SkippedWhy = 'nothing-there' | 'encrypted-only' | 'moved';

const SKIPPED: Readonly<Record<SkippedWhy, string>> = {
  'nothing-there': 'the snapshot has nothing of it',
  'encrypted-only': 'devices take it from encrypted backups only: turn encryption on for this device first',
  moved: 'iOS keeps it in another place than the snapshot has it, and would not find it there',
};

export interface SelectionPlan {
  readonly parts: readonly PlannedPart[];
  readonly skipped: readonly SkippedPart[];
  readonly warnings: readonly RestoreWarning[];
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
  readonly gathered: GatheredParts;
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
  const { current, gathered, signal } = request;
  const { backup: older, choice } = gathered;
  const warnings = checkPair(current, older);
  const decrypts = older.isEncrypted && !current.isEncrypted;
  if (decrypts && request.allowDecryption !== true) throw decryptionRefused();
  const parts = [...gathered.parts.keys()];
  const inBoth = new Map(parts.map((part) => [part, 0]));
  const count = ({ kind, fileId }: ManifestEntry, part: Part): void => {
    if (kind === 'file' && gathered.files.has(fileId)) inBoth.set(part, (inBoth.get(part) ?? 0) + 1);
  };
  const surveys = await surveyParts(current, parts, count, signal);
  const skipped: SkippedPart[] = [];
  const taken: Part[] = [];
  const planned: PlannedPart[] = [];
  for (const [part, then] of gathered.parts) {
    const now = surveys.get(part);
    if (now === undefined) continue;
    const why = obstacle(part, then, now, current);
    if (why !== undefined) {
      skipped.push({ name: part.name, id: part.id, title: part.title, why, reason: SKIPPED[why] });
      continue;
    }
    taken.push(part);
    planned.push(plannedPart(part, then, { ...now, items: await countItems(current, part) }, inBoth.get(part) ?? 0));
  }
  if (planned.length === 0) throw nothingToTake(skipped);
  if (planned.some(({ name }) => name === 'photos')) await checkPhotos(current, gathered);
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
export function plannedParts(plan: SelectionPlan, gathered: GatheredParts): Part[] {
  const chosen = new Set(plan.parts.map(({ id }) => id));
  return [...gathered.parts.keys()].filter(({ id }) => chosen.has(id));
}

function plannedPart(part: Part, then: GatheredPart, now: GatheredPart, inBoth: number): PlannedPart {
  return {
    name: part.name,
    id: part.id,
    title: part.title,
    domains: [...new Set([...now.domains, ...then.domains])].toSorted(),
    ...(part.counted !== undefined && { counted: part.counted }),
    before: amountOf(now),
    after: amountOf(then),
    added: then.files - inBoth,
    replaced: inBoth,
    removed: now.files - inBoth,
  };
}

function amountOf({ files, bytes, items }: GatheredPart): PartAmount {
  return { files, bytes, ...(items !== undefined && { items }) };
}

/** Why a part has to stay as it is. */
function obstacle(part: Part, then: PartSurvey, now: PartSurvey, current: Backup): SkippedWhy | undefined {
  if (then.files === 0) return 'nothing-there';
  if (part.anchors.length === 0) return undefined;
  if (then.anchor === undefined) return 'nothing-there';
  if (part.encryptedOnly === true && !current.isEncrypted) return 'encrypted-only';
  if (now.anchor === undefined || now.anchor === then.anchor) return undefined;
  return 'moved';
}

async function checkPhotos(current: Backup, gathered: GatheredParts): Promise<void> {
  for (const [reason, whose] of [
    [await photoObstacle(current), 'the device'],
    [gathered.photoObstacle, 'the snapshot'],
  ] as const) {
    if (reason === undefined) continue;
    throw blocked(`photos cannot be exchanged: ${whose} ${reason}`, {
      hint: 'Take the pictures out with `holdfast extract photos` and add them to the library of the device instead.',
    });
  }
}

function cloudWarnings(parts: readonly Part[]): RestoreWarning[] {
  const names = [...new Set(parts.flatMap(({ inCloud }) => inCloud ?? []))];
  if (names.length === 0) return [];
  const message =
    `Where iCloud is on for ${names.join(', ')}, it brings its own state back: ` +
    'turn it off on the device before, or what you restore may vanish again.';
  return [{ code: 'in-icloud', names, message }];
}

function nothingToTake(skipped: readonly SkippedPart[]): Error {
  const reasons = skipped.map(({ title, reason }) => `${title}: ${reason}`).join('; ');
  return blocked(`nothing of what you chose can be taken from this snapshot (${reasons})`, {
    hint: '`holdfast show SNAPSHOT` tells what is in it; `holdfast snapshots` lists the others.',
  });
}

function decryptionRefused(): Error {
  return blocked('the snapshot is encrypted, and the backups of this device are not', {
    hint:
      'Turn encryption on for this device first (`holdfast encryption on`), which keeps everything encrypted; ' +
      'or add --allow-decryption: then what you restore is in the device’s unencrypted backups from now on.',
  });
}
