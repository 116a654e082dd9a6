import type { WordsFor } from '../reason-values.ts';
import type { RuleReasons } from '../rule-reasons.ts';

export const rules: WordsFor<RuleReasons> = {
  'rule-off': () => 'Es wird nicht von selbst gesichert: Das ist ausgeschaltet.',
  paused: (v, f) => `Pause bis ${f.until(v.until)}.`,
  'not-trusted': () => 'Es vertraut diesem Computer noch nicht: mit Kabel anschließen und auf „Vertrauen“ tippen.',

  'not-due': (v, f) => `Die nächste Sicherung ist ${f.moment(v.dueAt)} fällig.`,
  due: (v, f) => `Fällig seit ${f.until(v.since)}.`,
  'due-first': () => 'Die erste Sicherung ist fällig.',

  running: () => 'Es wird gerade gesichert.',
  'slot-taken': () => 'Wartet, bis es an der Reihe ist: Andere Geräte werden gerade gesichert.',
  'out-of-reach': (v, f) =>
    v.lastSeenAt === undefined
      ? 'Wartet, bis es zu Hause ist.'
      : `Wartet, bis es zu Hause ist; zuletzt gesehen ${f.moment(v.lastSeenAt)}.`,
  'needs-power': () => 'Wartet, bis es am Strom hängt.',
  'power-unknown': (v, f) => `Es verrät nicht, ob es am Strom hängt; ${f.moment(v.until)} geht es auch so weiter.`,
  'needs-lock': () => 'Wartet, bis es gesperrt ist und niemand es benutzt.',
  'lock-unknown': (v, f) => `Es verrät nicht, ob es gesperrt ist; ${f.moment(v.until)} geht es auch so weiter.`,
  'battery-low': (v, f) =>
    `Sein Akku ist bei ${f.percent(v.percent)}; wartet auf Strom oder ${f.percent(v.minPercent)}.`,
  'outside-window': (v, f) => `Nur zwischen ${v.from} und ${v.to} Uhr: Es geht ${f.moment(v.opensAt)} los.`,
  'retry-later': (v, f) => `Es ist gescheitert; der nächste Versuch folgt frühestens ${f.moment(v.nextAt)}.`,
  'stopped-by-hand': (v, f) =>
    `Jemand hat die Sicherung ${f.moment(v.at)} angehalten; der nächste Versuch folgt frühestens ${f.moment(v.nextAt)}.`,

  'asks-passcode': () =>
    'Die Sicherung ist fällig. Zu Hause entsperren und den Code eingeben, wenn danach gefragt wird.',
  'waits-for-unlock': () => 'Der nächste Versuch kommt, wenn es zu Hause entsperrt wird: Es fragt nach dem Code.',
  'prompt-unanswered': (v, f) =>
    `Es hat ${f.moment(v.at)} nach dem Code gefragt, und niemand hat ihn eingegeben; es fragt frühestens ${f.moment(v.nextAt)} wieder.`,
  'prompts-used-up': (v, f) =>
    `Es hat innerhalb eines Tages ${v.count === 1 ? 'einmal' : `${f.number(v.count)}-mal`} nach dem Code gefragt; es fragt frühestens ${f.moment(v.nextAt)} wieder.`,

  'verdict-safe': (v) => `${v.name} ist sicher.`,
  'verdict-attention': (v) => `${v.name} braucht Aufmerksamkeit.`,
  'verdict-at-risk': (v) => `${v.name} ist in Gefahr.`,
  'verdict-unknown': (v) => `Über ${v.name} ist noch nichts bekannt.`,
  'backed-up': (v, f) => `Gesichert ${f.ago(v.at)}.`,
  'never-backed-up': () => 'Es wurde noch nie gesichert.',
  overdue: (v, f) => `Es wurde seit ${f.span(v.days * DAY_MS)} nicht gesichert.`,
  'overdue-first': (v, f) => `Es wurde noch nie gesichert und ist seit ${f.span(v.days * DAY_MS)} bekannt.`,
  'late-for-days': (v, f) => `Seine Sicherung ist seit ${f.span(v.days * DAY_MS)} fällig.`,
  'last-not-confirmed': (v, f) => `Es war ${f.moment(v.at)} zu Hause, aber niemand hat den Code eingegeben.`,
  'last-failed': (v, f) =>
    v.failures === 1
      ? `Der letzte Versuch ${f.moment(v.at)} ist gescheitert.`
      : `Die letzten ${f.number(v.failures)} Versuche sind gescheitert, der jüngste ${f.moment(v.at)}.`,
  'not-encrypted': () =>
    'Seine Sicherungen sind nicht verschlüsselt: Gespeicherte Passwörter, Health und Anrufliste fehlen darin.',
  'pairing-soon': (v, f) =>
    `In ${f.span(v.daysLeft * DAY_MS)} antwortet es nicht mehr über WLAN, wenn es nicht nach Hause kommt.`,
  'pairing-over': () => 'Es antwortet nicht mehr über WLAN: einmal mit Kabel anschließen und entsperren.',
  'newest-damaged': () => 'Seine neueste Version ist beschädigt.',
};

const DAY_MS = 86_400_000;
