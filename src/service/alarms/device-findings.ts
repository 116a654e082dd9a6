import { because } from '../../contract/index.ts';
import type { DeviceAlarmFacts } from './facts.ts';
import { DAY_MS, type Finding, gradeByDoubling } from './finding.ts';

/** One failure happens; as many in a row do not go away by themselves. */
const FAILURES = 3;
/** From then on nothing is to be hoped for. */
const FAILURES_AT_RISK = 10;
/** Whoever does not enter the passcode one evening is out; on several days they may not know. */
const UNCONFIRMED = 3;
const UNCONFIRMED_SPAN_MS = 2 * DAY_MS;
/** Every evening may be the last one at home. */
const LAPSES_SOON_DAYS = 3;

export function deviceFindings(device: DeviceAlarmFacts): Finding[] {
  return [overdue, failing, notConfirmed, pairingLapses, passwordUnknown, versionShrunk, versionMisdated].flatMap(
    (find) => find(device) ?? [],
  );
}

function overdue(device: DeviceAlarmFacts): Finding | undefined {
  const { name, overdue: late, overdueDays, lastBackupAt } = device;
  if (late === undefined || late === null) return undefined;
  const values = { name, days: late.days };
  return {
    ...about(device, 'overdue'),
    level: 'at-risk',
    grade: gradeByDoubling(late.days, Math.max(1, overdueDays)),
    since: late.since,
    reason: lastBackupAt === undefined ? because('alarm-overdue-first', values) : because('alarm-overdue', values),
    nextStep: stepWhenOverdue(device),
    over: because('over-overdue', { name }),
  };
}

/** What came of the newest try tells what is missing. */
function stepWhenOverdue(device: DeviceAlarmFacts): Finding['nextStep'] {
  const [last] = triesSinceDone(device);
  if (last?.outcome === 'not-confirmed') return because('do-enter-passcode', {});
  if (last?.outcome === 'failed' && last.code !== undefined && last.code !== 'DEVICE_NOT_FOUND') {
    return because('do-about-error', { error: last.code });
  }
  return because('do-bring-home', {});
}

function failing(device: DeviceAlarmFacts): Finding | undefined {
  const { name } = device;
  const failed = triesSinceDone(device).filter(({ outcome }) => outcome === 'failed');
  const [last] = failed;
  if (last === undefined || failed.length < FAILURES) return undefined;
  const isGrave = failed.length >= FAILURES_AT_RISK;
  const error = last.code ?? 'UNKNOWN';
  return {
    ...about(device, 'failing'),
    level: isGrave ? 'at-risk' : 'attention',
    grade: isGrave ? 2 : 1,
    since: failed.at(-1)?.at ?? last.at,
    reason: because('alarm-failing', { name, tries: failed.length, error }),
    nextStep: because('do-about-error', { error }),
    over: because('over-failing', { name }),
  };
}

function notConfirmed(device: DeviceAlarmFacts): Finding | undefined {
  const { name } = device;
  const unconfirmed = triesSinceDone(device).filter(({ outcome }) => outcome === 'not-confirmed');
  const [last, first] = [unconfirmed[0], unconfirmed.at(-1)];
  if (last === undefined || first === undefined || unconfirmed.length < UNCONFIRMED) return undefined;
  if (last.at.getTime() - first.at.getTime() < UNCONFIRMED_SPAN_MS) return undefined;
  return {
    ...about(device, 'not-confirmed'),
    level: 'attention',
    grade: 1,
    since: first.at,
    reason: because('alarm-not-confirmed', { name, tries: unconfirmed.length, at: last.at.toISOString() }),
    nextStep: because('do-enter-passcode', {}),
    over: because('over-not-confirmed', { name }),
  };
}

function pairingLapses(device: DeviceAlarmFacts): Finding | undefined {
  const { name, pairing } = device;
  if (pairing === undefined || (pairing.state !== 'soon' && pairing.state !== 'over')) return undefined;
  const daysLeft = pairing.daysLeft ?? 0;
  const isOver = pairing.state === 'over' || daysLeft === 0;
  return {
    ...about(device, 'pairing-lapses'),
    level: 'attention',
    grade: isOver ? 3 : daysLeft <= LAPSES_SOON_DAYS ? 2 : 1,
    reason: isOver ? because('alarm-pairing-over', { name }) : because('alarm-pairing-lapses', { name, daysLeft }),
    nextStep: isOver ? because('do-connect-once', {}) : because('do-come-near', {}),
    over: because('over-pairing-lapses', { name }),
  };
}

function passwordUnknown(device: DeviceAlarmFacts): Finding | undefined {
  const { name } = device;
  if (device.isPasswordKnown !== false) return undefined;
  return {
    ...about(device, 'password-unknown'),
    level: 'attention',
    grade: 1,
    patienceMs: DAY_MS,
    reason: because('alarm-password-unknown', { name }),
    nextStep: because('do-keep-password', {}),
    over: because('over-password-unknown', { name }),
  };
}

function versionShrunk(device: DeviceAlarmFacts): Finding | undefined {
  const { name, shrunk } = device;
  if (shrunk === undefined || shrunk === null) return undefined;
  const at = shrunk.at.toISOString();
  const percent = Math.round(shrunk.lostShare * 100);
  const base = about(device, 'version-shrunk');
  return {
    ...base,
    // Another version that lost as much is another thing.
    id: `${base.id}:${at}`,
    level: 'attention',
    grade: 1,
    since: shrunk.at,
    reason: because('alarm-version-shrunk', { name, at, percent }),
    nextStep: because('do-compare-versions', { until: shrunk.until.toISOString() }),
    over: because('over-version-shrunk', { name }),
  };
}

function versionMisdated(device: DeviceAlarmFacts): Finding | undefined {
  const { name, misdated } = device;
  if (misdated === undefined || misdated === null) return undefined;
  const { version, at } = misdated;
  return {
    ...about(device, 'version-misdated'),
    level: 'attention',
    grade: 1,
    reason: because('alarm-version-misdated', { name, version, at: at.toISOString() }),
    nextStep: because('do-forget-misdated', { version }),
    over: because('over-version-misdated', { name }),
  };
}

function about<K extends Finding['kind']>({ udid }: DeviceAlarmFacts, kind: K): { id: string; kind: K; udid: string } {
  return { id: `${kind}:${udid}`, kind, udid };
}

/** A try that somebody stopped, or that could not even begin, tells nothing. */
const TRIED: ReadonlySet<string> = new Set(['failed', 'not-confirmed']);

/** Backups that were tried since the last one that came to its end. Newest first. */
function triesSinceDone({ tries = [], lastBackupAt }: DeviceAlarmFacts): NonNullable<DeviceAlarmFacts['tries']> {
  const backups = tries.filter(({ kind }) => kind === 'backup');
  const done = backups.findIndex(({ outcome }) => outcome === 'done');
  return (done === -1 ? backups : backups.slice(0, done)).filter(
    ({ at, outcome }) => TRIED.has(outcome) && (lastBackupAt === undefined || at > lastBackupAt),
  );
}
