import { inBoth } from './in-both.ts';

/** What is wrong with something that was typed, by what the contract found. */
export const formWords = inBoth({
  en: {
    missing: 'Something has to stand here',
    tooShort: (least: string) => `At least ${least} characters`,
    tooLong: (most: string) => `At most ${most} characters`,
    tooSmall: (least: string) => `Not less than ${least}`,
    tooLarge: (most: string) => `Not more than ${most}`,
    tooFew: 'At least one of them',
    number: 'A whole number',
    mail: 'A mail address, such as anna@example.org',
    address: 'An address that begins with https://',
    clock: 'A time of day, such as 22:30',
    wrong: 'This cannot be understood',
    saved: 'Saved.',
    save: 'Save',
    unsaved: 'Not saved yet',
    discard: 'Take back',
  },
  de: {
    missing: 'Hier muss etwas stehen',
    tooShort: (least: string) => `Mindestens ${least} Zeichen`,
    tooLong: (most: string) => `Höchstens ${most} Zeichen`,
    tooSmall: (least: string) => `Nicht weniger als ${least}`,
    tooLarge: (most: string) => `Nicht mehr als ${most}`,
    tooFew: 'Mindestens eines davon',
    number: 'Eine ganze Zahl',
    mail: 'Eine Mailadresse wie anna@example.org',
    address: 'Eine Adresse, die mit https:// beginnt',
    clock: 'Eine Uhrzeit wie 22:30',
    wrong: 'Das ist nicht zu verstehen',
    saved: 'Gespeichert.',
    save: 'Speichern',
    unsaved: 'Noch nicht gespeichert',
    discard: 'Zurücknehmen',
  },
});
