import { inBoth } from './in-both.ts';

/** Words of the Wi-Fi networks of a version. */
export const wifiWords = inBoth({
  en: {
    lead: 'The networks this phone has joined, the latest first. A password is shown when you ask for it, one at a time, and hidden again after a minute.',
    passwords: {
      readable: undefined,
      'not-encrypted':
        'This version is not encrypted, so it holds no passwords that could be shown: those are in encrypted backups only.',
      unreadable: 'The passwords of this version cannot be read.',
    },
    find: 'Find a network',
    none: 'There are no networks in this version',
    notFound: 'No network like that',
    open: 'open, without a password',
    hidden: 'hidden',
    captive: 'with a page to sign in',
    joined: 'Last joined',
    added: 'Added',
    noPassword: 'The password is not in this version',
    show: 'Show password',
    showOf: (name: string) => `Show password of ${name}`,
    hide: 'Hide',
    hideOf: (name: string) => `Hide password of ${name}`,
    isHex: 'These are its bytes as hexadecimal digits: it is no text.',
  },
  de: {
    lead: 'Die Netze, in denen dieses Gerät war, das letzte zuerst. Ein Passwort erscheint erst auf Wunsch, immer nur eines, und verschwindet nach einer Minute wieder.',
    passwords: {
      readable: undefined,
      'not-encrypted':
        'Diese Version ist nicht verschlüsselt und enthält deshalb keine Passwörter zum Zeigen: Die sind nur in verschlüsselten Sicherungen.',
      unreadable: 'Die Passwörter dieser Version sind nicht zu lesen.',
    },
    find: 'Ein Netz suchen',
    none: 'In dieser Version sind keine Netze',
    notFound: 'Kein solches Netz',
    open: 'offen, ohne Passwort',
    hidden: 'verborgen',
    captive: 'mit Anmeldeseite',
    joined: 'Zuletzt darin',
    added: 'Dazugekommen',
    noPassword: 'Das Passwort ist nicht in dieser Version',
    show: 'Passwort zeigen',
    showOf: (name: string) => `Passwort zeigen: ${name}`,
    hide: 'Verbergen',
    hideOf: (name: string) => `Verbergen: Passwort von ${name}`,
    isHex: 'Das sind seine Bytes als hexadezimale Ziffern: Es ist kein Text.',
  },
});
