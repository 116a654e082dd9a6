import type { AlarmKind } from '../../contract/index.ts';
import { deviceFindings } from './device-findings.ts';
import type { AlarmFacts, DeviceAlarmFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import { houseFindings } from './house-findings.ts';

export interface Evaluation {
  /** The gravest first. */
  readonly findings: readonly Finding[];
  /** Whether nothing can be said now about an alarm that was raised before: it stays as it is. */
  readonly isUnknown: (alarm: { readonly kind: AlarmKind; readonly udid?: string | undefined }) => boolean;
}

/** What somebody should know, from the facts alone: the same facts give the same answer. */
export function evaluateAlarms(facts: AlarmFacts, now: Date): Evaluation {
  const findings = [...houseFindings(facts, now), ...facts.devices.flatMap((device) => deviceFindings(device))];
  const byUdid = new Map(facts.devices.map((device) => [device.udid, device]));
  return {
    findings: findings.toSorted((a, b) => gravity(b) - gravity(a)),
    isUnknown: ({ kind, udid }) => {
      if (udid === undefined) return OF_HOUSE[kind]?.(facts) === undefined;
      const device = byUdid.get(udid);
      // One that is not a device of ours any more concerns nobody.
      return device !== undefined && OF_DEVICE[kind]?.(device) === undefined;
    },
  };
}

const gravity = ({ level, grade }: Finding): number => (level === 'at-risk' ? 1000 : 0) + grade;

/** What each kind is decided by. */
const OF_DEVICE: Partial<Record<AlarmKind, (device: DeviceAlarmFacts) => unknown>> = {
  overdue: ({ overdue }) => overdue,
  failing: ({ tries }) => tries,
  'not-confirmed': ({ tries }) => tries,
  'pairing-lapses': ({ pairing }) => pairing,
  'password-unknown': ({ isPasswordKnown }) => isPasswordKnown,
  'version-shrunk': ({ shrunk }) => shrunk,
  'version-misdated': ({ misdated }) => misdated,
};

const OF_HOUSE: Partial<Record<AlarmKind, (facts: AlarmFacts) => unknown>> = {
  'disk-filling': ({ storage }) => storage,
  'copy-late': ({ copies }) => copies,
  'copy-failing': ({ copies }) => copies,
  'copies-unreadable': ({ unreadableCopies }) => unreadableCopies,
  'checkup-failed': ({ checkup }) => checkup,
  'checkup-late': ({ checkup }) => checkup,
  'clock-wrong': ({ latestKnownAt }) => latestKnownAt,
  'vault-missing': ({ vault }) => vault,
  'settings-invalid': ({ settingsAreValid }) => settingsAreValid,
  'cannot-tell': ({ channels }) => channels,
};
