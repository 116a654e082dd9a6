import { inBoth } from './in-both.ts';

export const encryptionWords = inBoth({
  en: {
    title: 'Encryption',
    why: 'Only an encrypted backup holds passwords, Wi-Fi networks, Health and the call history. The device encrypts it, and only the password opens it: nobody, Apple included, can recover one that is forgotten.',
    isOn: (name: string) => `The backups of ${name} are encrypted.`,
    isOff: (name: string) => `The backups of ${name} are not encrypted.`,
    unknown: (name: string) => `Whether the backups of ${name} are encrypted is known once it is connected.`,
    notConnected: 'Connect the device with a cable and unlock it: it has to be there for this.',
    on: 'Turn encryption on',
    change: 'Change the password',
    off: 'Turn encryption off',
    oldPassword: 'Present password',
    newPassword: 'New password',
    again: 'The same once more',
    different: 'The two are not the same',
    tooShort: 'At least 4 characters; longer is better',
    keep: 'Keep the password sealed on this computer',
    keepHelp:
      'Then checkups can prove that the backups open. Write it down as well: the recovery sheet has a line for it; the menu on the page of the device makes one.',
    passcode: 'The device asks for its passcode: enter it there.',
    runs: 'The device is being asked. It asks for its passcode.',
    done: 'Done. Versions made before open with the password they had.',
    offWarning: 'Backups after this hold no passwords, Wi-Fi networks, Health or call history.',
    forgotten: 'The password is forgotten',
    forgottenText:
      'Versions made with it cannot be opened any more. On the device, Settings › General › Transfer or Reset › Reset › Reset All Settings takes the password away without deleting data; then turn encryption on again with a new one.',
  },
  de: {
    title: 'Verschlüsselung',
    why: 'Nur eine verschlüsselte Sicherung enthält Passwörter, WLAN-Netze, Health und die Anrufliste. Das Gerät verschlüsselt sie, und nur das Passwort öffnet sie: Niemand, auch Apple nicht, kann ein vergessenes wiederbringen.',
    isOn: (name: string) => `Die Sicherungen von ${name} sind verschlüsselt.`,
    isOff: (name: string) => `Die Sicherungen von ${name} sind nicht verschlüsselt.`,
    unknown: (name: string) =>
      `Ob die Sicherungen von ${name} verschlüsselt sind, zeigt sich, sobald es verbunden ist.`,
    notConnected: 'Das Gerät mit einem Kabel anschließen und entsperren: Dafür muss es da sein.',
    on: 'Verschlüsselung einschalten',
    change: 'Passwort ändern',
    off: 'Verschlüsselung ausschalten',
    oldPassword: 'Bisheriges Passwort',
    newPassword: 'Neues Passwort',
    again: 'Noch einmal dasselbe',
    different: 'Die beiden sind nicht gleich',
    tooShort: 'Mindestens 4 Zeichen; länger ist besser',
    keep: 'Das Passwort versiegelt auf diesem Computer aufbewahren',
    keepHelp:
      'Dann können Prüfungen beweisen, dass sich die Sicherungen öffnen lassen. Trotzdem aufschreiben: Das Wiederherstellungsblatt hat eine Zeile dafür; das Menü auf der Seite des Geräts macht eines.',
    passcode: 'Das Gerät fragt nach seinem Code: dort eingeben.',
    runs: 'Das Gerät wird gefragt. Es fragt nach seinem Code.',
    done: 'Fertig. Frühere Versionen öffnen sich mit dem Passwort, das sie hatten.',
    offWarning: 'Sicherungen danach enthalten keine Passwörter, WLAN-Netze, Health-Daten und Anruflisten.',
    forgotten: 'Das Passwort ist vergessen',
    forgottenText:
      'Damit gemachte Versionen lassen sich nicht mehr öffnen. Auf dem Gerät nimmt Einstellungen › Allgemein › iPhone übertragen/zurücksetzen › Zurücksetzen › Alle Einstellungen das Passwort weg, ohne Daten zu löschen; danach die Verschlüsselung mit einem neuen einschalten.',
  },
});
