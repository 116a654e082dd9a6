/** What commands say of versions: why they are kept, what is odd about them. */
import type { KeepReason, SnapshotAlarm, SnapshotLabels } from '../vault/index.ts';
import { formatTime } from './output/format.ts';

/** What the rule keeps, in the order in which one reason is named of several. */
export const RULE_WORDS: readonly (readonly [KeepReason, string])[] = [
  ['last-day', 'of the last day'],
  ['daily', 'daily'],
  ['weekly', 'weekly'],
  ['monthly', 'monthly'],
];

export const PROTECTED_WORDS: Readonly<Partial<Record<KeepReason, string>>> = {
  newest: 'newest of its device',
  pinned: 'pinned',
  held: 'held',
  proven: 'newest that is proven',
  'in-use': 'in use by an unfinished backup',
  frozen: 'frozen by an alarm',
  clock: 'with a date that cannot be true',
  'labels-damaged': 'with damaged labels',
};

/** An alarm in a sentence that says what was done about it. */
export function alarmWords(alarm: SnapshotAlarm): string {
  const { record, before, frozenUntil } = alarm;
  const what = `${record.device.name}, version ${record.id} of ${formatTime(record.takenAt)}`;
  const until = formatTime(frozenUntil).slice(0, 10);
  if (alarm.kind === 'gap') {
    return `! ${what} comes ${Math.round(alarm.gapDays)} days after the one before. Was the clock wrong? Everything before it is kept until ${until}.`;
  }
  const lost = [
    alarm.lostFiles > 0 ? `${Math.round(alarm.lostFiles * 100)} % fewer files` : undefined,
    alarm.lostBytes > 0 ? `${Math.round(alarm.lostBytes * 100)} % less data` : undefined,
  ].filter((words) => words !== undefined);
  return `! ${what} has ${lost.join(' and ')} than the one before. Was the device erased? Version ${before.id} is kept until ${until}.`;
}

/** "pinned, “before the repair”, proven 2026-11-21"; empty for a snapshot without labels. */
export function labelWords(labels: SnapshotLabels | undefined, now = new Date()): string {
  if (labels === undefined) return '';
  const { pinned, name, holdUntil, deepVerifiedAt, deepVerifyProblems, damaged } = labels;
  const isGood = (deepVerifyProblems ?? 0) === 0;
  return [
    pinned === true ? 'pinned' : undefined,
    name === undefined ? undefined : `“${name}”`,
    holdUntil !== undefined && holdUntil > now ? `held until ${formatTime(holdUntil).slice(0, 10)}` : undefined,
    deepVerifiedAt && `${isGood ? 'proven' : 'found damaged'} ${formatTime(deepVerifiedAt).slice(0, 10)}`,
    damaged === true ? 'labels damaged' : undefined,
  ]
    .filter((words) => words !== undefined)
    .join(', ');
}
