import { because } from '../../contract/index.ts';
import type { AlarmFacts, CheckupAlarmFacts, CopyAlarmFacts, StorageAlarmFacts } from './facts.ts';
import { DAY_MS, type Finding, gradeByDoubling, HOUR_MS } from './finding.ts';

/** With less nothing useful can be written. */
const FULL_BYTES = 500_000_000;
const FILLING_DAYS = [30, 14, 7] as const;
const COPY_FAILURES = 3;
/** A copy is spoken of once it missed its turn twice, and by a day at least. */
const COPY_TURNS = 2;
/** A computer that was off for a weekend makes up for it by itself. */
const CHECKUP_LATE_DAYS = 3;
/** Clocks that are set by the network move by less. */
const CLOCK_TOLERANCE_MS = HOUR_MS / 6;
const MOUNTING_MS = HOUR_MS / 4;
/** Servers are restarted and lines go down for an evening. */
const CHANNEL_PATIENCE_MS = 6 * HOUR_MS;

/** What concerns no single device. */
export function houseFindings(facts: AlarmFacts, now: Date): Finding[] {
  return [
    vaultMissing(facts),
    facts.storage && diskFilling(facts.storage, now),
    ...(facts.copies ?? []).flatMap((copy) => [copyLate(copy, now), copyFailing(copy)]),
    ...(facts.checkup === undefined ? [] : [checkupFailed(facts.checkup), checkupLate(facts.checkup, now)]),
    clockWrong(facts, now),
    copiesUnreadable(facts),
    settingsInvalid(facts),
    ...cannotTell(facts, now),
  ].filter((finding) => finding !== undefined);
}

function vaultMissing({ vault }: AlarmFacts): Finding | undefined {
  if (vault === undefined || vault.isThere) return undefined;
  return {
    id: 'vault-missing',
    kind: 'vault-missing',
    level: 'at-risk',
    grade: 1,
    reason: because('alarm-vault-missing', { place: vault.place }),
    nextStep: because('do-connect-vault', {}),
    over: because('over-vault-missing', {}),
    patienceMs: MOUNTING_MS,
  };
}

function diskFilling({ freeBytes, fullOn }: StorageAlarmFacts, now: Date): Finding | undefined {
  const base = {
    id: 'disk-filling',
    kind: 'disk-filling',
    nextStep: because('do-make-room', {}),
    over: because('over-disk-filling', {}),
  } as const;
  if (freeBytes < FULL_BYTES) {
    return { ...base, level: 'at-risk', grade: 4, reason: because('alarm-disk-full', { freeBytes }) };
  }
  if (fullOn === undefined) return undefined;
  const days = (fullOn.getTime() - now.getTime()) / DAY_MS;
  const grade = FILLING_DAYS.filter((limit) => days <= limit).length;
  if (grade === 0) return undefined;
  const values = { freeBytes, fullOn: fullOn.toISOString() };
  return {
    ...base,
    level: grade === FILLING_DAYS.length ? 'at-risk' : 'attention',
    grade,
    reason: because('alarm-disk-filling', values),
  };
}

function copyLate(
  { name, everyHours, addedAt, lastDoneAt, isPaused = false }: CopyAlarmFacts,
  now: Date,
): Finding | undefined {
  const since = lastDoneAt ?? addedAt;
  const ageHours = (now.getTime() - since.getTime()) / HOUR_MS;
  const limitHours = Math.max(COPY_TURNS * everyHours, everyHours + 24);
  if (ageHours <= limitHours) return undefined;
  const grade = gradeByDoubling(ageHours, limitHours);
  return {
    id: `copy-late:${name}`,
    kind: 'copy-late',
    // One that gets on night by night is only not through.
    level: grade >= 3 && !isPaused ? 'at-risk' : 'attention',
    grade,
    since,
    reason:
      lastDoneAt === undefined
        ? because('alarm-copy-never', { copy: name })
        : because('alarm-copy-late', { copy: name, days: Math.floor(ageHours / 24) }),
    nextStep: isPaused ? because('do-give-copy-time', { copy: name }) : because('do-connect-copy', {}),
    over: because('over-copy-late', { copy: name }),
  };
}

function copyFailing({ name, failures, failingSince, lastError = 'UNKNOWN' }: CopyAlarmFacts): Finding | undefined {
  if (failures < COPY_FAILURES) return undefined;
  return {
    id: `copy-failing:${name}`,
    kind: 'copy-failing',
    level: 'attention',
    grade: 1,
    ...(failingSince === undefined ? {} : { since: failingSince }),
    reason: because('alarm-copy-failing', { copy: name, tries: failures, error: lastError }),
    nextStep: because('do-about-error', { error: lastError }),
    over: because('over-copy-failing', { copy: name }),
  };
}

function checkupFailed({ last, brokeOffAt }: CheckupAlarmFacts): Finding | undefined {
  const base = { id: 'checkup-failed', kind: 'checkup-failed', over: because('over-checkup-failed', {}) } as const;
  if (last !== undefined && last.problems > 0) {
    const at = last.at.toISOString();
    const isDanger = last.isDanger !== false;
    return {
      ...base,
      level: isDanger ? 'at-risk' : 'attention',
      grade: isDanger ? 2 : 1,
      since: last.at,
      reason: because('alarm-checkup-failed', { at, problems: last.problems }),
      nextStep: because('do-read-report', {}),
    };
  }
  if (brokeOffAt === undefined) return undefined;
  return {
    ...base,
    level: 'attention',
    grade: 1,
    since: brokeOffAt,
    reason: because('alarm-checkup-broke-off', { at: brokeOffAt.toISOString() }),
    nextStep: because('do-start-checkup', {}),
  };
}

function checkupLate({ dueAt }: CheckupAlarmFacts, now: Date): Finding | undefined {
  if (dueAt === undefined) return undefined;
  const days = Math.floor((now.getTime() - dueAt.getTime()) / DAY_MS);
  if (days < CHECKUP_LATE_DAYS) return undefined;
  return {
    id: 'checkup-late',
    kind: 'checkup-late',
    level: 'attention',
    grade: gradeByDoubling(days, CHECKUP_LATE_DAYS),
    since: dueAt,
    reason: because('alarm-checkup-late', { days }),
    nextStep: because('do-start-checkup', {}),
    over: because('over-checkup-late', {}),
  };
}

function clockWrong({ latestKnownAt, latestVersion }: AlarmFacts, now: Date): Finding | undefined {
  if (latestKnownAt === undefined) return undefined;
  if (latestKnownAt.getTime() - now.getTime() <= CLOCK_TOLERANCE_MS) return undefined;
  const values = { shows: now.toISOString(), latest: latestKnownAt.toISOString(), ...latestVersion };
  return {
    id: 'clock-wrong',
    kind: 'clock-wrong',
    level: 'at-risk',
    grade: 1,
    reason: because('alarm-clock-wrong', values),
    nextStep:
      latestVersion === undefined
        ? because('do-set-clock', {})
        : because('do-set-clock-or-forget', { version: latestVersion.version }),
    over: because('over-clock-wrong', {}),
  };
}

function copiesUnreadable({ unreadableCopies }: AlarmFacts): Finding | undefined {
  if (unreadableCopies === undefined || unreadableCopies === null) return undefined;
  return {
    id: 'copies-unreadable',
    kind: 'copies-unreadable',
    level: 'attention',
    grade: 1,
    reason: because('copies-list-unreadable', {}),
    nextStep: because('do-mend-copies-list', { path: unreadableCopies.path }),
    over: because('over-copies-unreadable', {}),
    patienceMs: MOUNTING_MS,
  };
}

function settingsInvalid({ settingsAreValid }: AlarmFacts): Finding | undefined {
  if (settingsAreValid !== false) return undefined;
  return {
    id: 'settings-invalid',
    kind: 'settings-invalid',
    level: 'attention',
    grade: 1,
    reason: because('alarm-settings-invalid', {}),
    nextStep: because('do-correct-settings', {}),
    over: because('over-settings-invalid', {}),
    // Somebody may be editing it.
    patienceMs: MOUNTING_MS,
  };
}

function cannotTell({ channels = [] }: AlarmFacts, now: Date): Finding[] {
  return channels.flatMap(({ id, enabled, failingSince }): Finding[] => {
    if (!enabled || failingSince === undefined) return [];
    const since = new Date(failingSince);
    if (now.getTime() - since.getTime() < CHANNEL_PATIENCE_MS) return [];
    return [
      {
        id: `cannot-tell:${id}`,
        kind: 'cannot-tell',
        level: 'attention',
        grade: 1,
        since,
        reason: because('alarm-cannot-tell', { channel: id, since: failingSince }),
        nextStep: because('do-check-channel', {}),
        over: because('over-cannot-tell', { channel: id }),
      },
    ];
  });
}
