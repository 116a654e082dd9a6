import { inBoth } from './in-both.ts';

export const firstPhoneWords = inBoth({
  en: {
    title: 'Set up a device',
    lead: 'Five steps. Each notices by itself when it is done.',
    back: 'Devices',
    done: 'done',
    now: 'now',
    later: 'later',
    cable: 'Connect it with a cable',
    cableText:
      'Use the cable it is charged with, unlock it, and leave it unlocked. On Linux, usbmuxd has to be installed.',
    cableKnown: (names: string, count: number) =>
      `${names} ${count === 1 ? 'is' : 'are'} in reach and set up already. Connect the one that is new.`,
    cableWaits: 'Looking for a device…',
    which: 'Which one?',
    trust: 'Tap “Trust”',
    trustText: (name: string) =>
      `${name} asks whether it may trust this computer. Tap “Trust” and enter its passcode there.`,
    trustAsk: 'Have it ask',
    trustUnlock: 'Unlock it first.',
    trustTap: 'It is asking now: tap “Trust” on it.',
    encryption: 'Turn encryption on',
    encryptionText:
      'Only an encrypted backup holds passwords, Wi-Fi networks, Health and the call history. Choose a password and write it down: nobody can recover it. The device asks for its passcode.',
    skip: 'Not now',
    when: 'When it is backed up',
    whenFine: 'That is fine',
    whenChange: 'Change the rule',
    backup: 'The first backup',
    backupText:
      'It takes as long as the cable needs for everything; later ones take what changed. The device asks for its passcode once more.',
    backupStart: 'Start the first backup',
    backupRuns: 'It is running. You may close this page.',
    finished: (name: string) => `${name} is set up, and its first version is safe.`,
    toDevice: 'Look at it',
    sheet:
      'Then print its recovery sheet, a page that says how to get everything back: the menu on the page of the device makes it.',
  },
  de: {
    title: 'Ein Gerät einrichten',
    lead: 'Fünf Schritte. Jeder merkt von selbst, wenn er erledigt ist.',
    back: 'Geräte',
    done: 'erledigt',
    now: 'jetzt',
    later: 'später',
    cable: 'Mit einem Kabel anschließen',
    cableText:
      'Mit dem Kabel, mit dem es geladen wird; entsperren und entsperrt lassen. Unter Linux muss usbmuxd installiert sein.',
    cableKnown: (names: string, count: number) =>
      `${names} ${count === 1 ? 'ist' : 'sind'} in Reichweite und schon eingerichtet. Das neue Gerät anschließen.`,
    cableWaits: 'Ein Gerät wird gesucht …',
    which: 'Welches?',
    trust: '„Vertrauen“ tippen',
    trustText: (name: string) =>
      `${name} fragt, ob es diesem Computer vertrauen darf. Dort „Vertrauen“ tippen und seinen Code eingeben.`,
    trustAsk: 'Fragen lassen',
    trustUnlock: 'Zuerst entsperren.',
    trustTap: 'Es fragt jetzt: darauf „Vertrauen“ tippen.',
    encryption: 'Verschlüsselung einschalten',
    encryptionText:
      'Nur eine verschlüsselte Sicherung enthält Passwörter, WLAN-Netze, Health und die Anrufliste. Ein Passwort wählen und aufschreiben: Niemand kann es wiederbringen. Das Gerät fragt nach seinem Code.',
    skip: 'Nicht jetzt',
    when: 'Wann es gesichert wird',
    whenFine: 'So ist es gut',
    whenChange: 'Die Regel ändern',
    backup: 'Die erste Sicherung',
    backupText:
      'Sie dauert so lange, wie das Kabel für alles braucht; spätere nehmen, was sich geändert hat. Das Gerät fragt noch einmal nach seinem Code.',
    backupStart: 'Die erste Sicherung beginnen',
    backupRuns: 'Sie läuft. Diese Seite darf geschlossen werden.',
    finished: (name: string) => `${name} ist eingerichtet, und seine erste Version ist sicher.`,
    toDevice: 'Ansehen',
    sheet:
      'Dann das Wiederherstellungsblatt drucken, eine Seite, die sagt, wie alles zurückkommt: Das Menü auf der Seite des Geräts macht es.',
  },
});
