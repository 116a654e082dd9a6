import type { WordsFor } from '../reason-values.ts';
import type { RuleReasons } from '../rule-reasons.ts';

export const rules: WordsFor<RuleReasons> = {
  'rule-off': () => 'It is not backed up by itself: that is turned off.',
  paused: (v, f) => `Paused until ${f.until(v.until)}.`,
  'not-trusted': () => 'It does not trust this computer yet: connect it with a cable and tap Trust.',

  'not-due': (v, f) => `The next backup is due ${f.moment(v.dueAt)}.`,
  due: (v, f) => `Due since ${f.until(v.since)}.`,
  'due-first': () => 'Its first backup is due.',

  running: () => 'It is being backed up now.',
  'slot-taken': () => 'Waits for its turn: other devices are being backed up.',
  'out-of-reach': (v, f) =>
    v.lastSeenAt === undefined
      ? 'Waits until it is at home.'
      : `Waits until it is at home; last seen ${f.moment(v.lastSeenAt)}.`,
  'needs-power': () => 'Waits until it is connected to power.',
  'power-unknown': (v, f) =>
    `It does not tell whether it is connected to power; goes on without knowing ${f.moment(v.until)}.`,
  'needs-lock': () => 'Waits until it is locked and nobody uses it.',
  'lock-unknown': (v, f) => `It does not tell whether it is locked; goes on without knowing ${f.moment(v.until)}.`,
  'battery-low': (v, f) => `Its battery is at ${f.percent(v.percent)}; waits for power or ${f.percent(v.minPercent)}.`,
  'outside-window': (v, f) => `Only between ${v.from} and ${v.to}: the next time begins ${f.moment(v.opensAt)}.`,
  'retry-later': (v, f) => `It failed; the next try is ${f.moment(v.nextAt)} at the earliest.`,
  'stopped-by-hand': (v, f) =>
    `Somebody stopped it ${f.moment(v.at)}; the next try is ${f.moment(v.nextAt)} at the earliest.`,

  'asks-passcode': () => 'It is due. Unlock it at home and enter the passcode when it asks.',
  'waits-for-unlock': () => 'The next try is when it is unlocked at home: it asks for its passcode.',
  'prompt-unanswered': (v, f) =>
    `It asked for its passcode ${f.moment(v.at)} and nobody entered it; it asks again ${f.moment(v.nextAt)} at the earliest.`,
  'prompts-used-up': (v, f) =>
    `It has asked for its passcode ${v.count === 1 ? 'once' : `${f.number(v.count)} times`} within a day; it asks again ${f.moment(v.nextAt)} at the earliest.`,

  'verdict-safe': (v) => `${v.name} is safe.`,
  'verdict-attention': (v) => `${v.name} needs attention.`,
  'verdict-at-risk': (v) => `${v.name} is at risk.`,
  'verdict-unknown': (v) => `Nothing is known about ${v.name} yet.`,
  'backed-up': (v, f) => `Backed up ${f.ago(v.at)}.`,
  'never-backed-up': () => 'It has not been backed up yet.',
  overdue: (v, f) => `It has not been backed up for ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')}.`,
  'overdue-first': (v, f) =>
    `It has never been backed up, and has been known for ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')}.`,
  'late-for-days': (v, f) => `Its backup is ${f.number(v.days)} ${f.plural(v.days, 'day', 'days')} late.`,
  'last-not-confirmed': (v, f) => `It was at home ${f.moment(v.at)}, but nobody entered the passcode.`,
  'last-failed': (v, f) =>
    v.failures === 1
      ? `The last try, ${f.moment(v.at)}, failed.`
      : `The last ${f.number(v.failures)} tries failed, most recently ${f.moment(v.at)}.`,
  'not-encrypted': () =>
    'Its backups are not encrypted: saved passwords, Health and call history are missing from them.',
  'pairing-soon': (v, f) =>
    `It stops answering over Wi-Fi in ${f.number(v.daysLeft)} ${f.plural(v.daysLeft, 'day', 'days')} unless it comes home.`,
  'pairing-over': () => 'It no longer answers over Wi-Fi: connect it with a cable once and unlock it.',
  'newest-damaged': () => 'Its newest version is damaged.',
};
