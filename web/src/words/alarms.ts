import { inBoth } from './in-both.ts';

export const alarmWords = inBoth({
  en: {
    title: 'Alarms',
    lead: 'What a person should do something about. Each is told once when it begins and again only while it stays.',
    none: 'Nothing needs you',
    noneText:
      'Devices, disk, copies and checkups are in order. If that changes, it stands here and is told where you said.',
    whereTold: 'Where alarms are told',
    next: 'What to do',
    since: (when: string) => `Since ${when}`,
    told: (when: string) => `told ${when}`,
    notTold: 'not told yet',
    muted: (when: string) => `quiet until ${when}`,
    toDevice: (name: string) => `To ${name}`,
    mute: 'Keep quiet',
    muteFor: { day: 'For a day', week: 'For a week', month: 'For a month' },
    unmute: 'Tell again',
    mutedNow: 'Nobody is told of it for now.',
    unmutedNow: 'It is told again.',
  },
  de: {
    title: 'Warnungen',
    lead: 'Wofür jemand etwas tun sollte. Jede wird einmal gemeldet, wenn sie beginnt, und später nur, solange sie bleibt.',
    none: 'Nichts braucht jemanden',
    noneText:
      'Geräte, Platte, Kopien und Prüfungen sind in Ordnung. Ändert sich das, steht es hier und wird dorthin gemeldet, wo es sein soll.',
    whereTold: 'Wohin Warnungen gehen',
    next: 'Was zu tun ist',
    since: (when: string) => `Seit ${when}`,
    told: (when: string) => `gemeldet ${when}`,
    notTold: 'noch nicht gemeldet',
    muted: (when: string) => `still bis ${when}`,
    toDevice: (name: string) => `Zu ${name}`,
    mute: 'Still halten',
    muteFor: { day: 'Einen Tag', week: 'Eine Woche', month: 'Einen Monat' },
    unmute: 'Wieder melden',
    mutedNow: 'Vorerst wird niemandem davon gemeldet.',
    unmutedNow: 'Sie wird wieder gemeldet.',
  },
});
