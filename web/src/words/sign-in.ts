import { inBoth } from './in-both.ts';

export const signInWords = inBoth({
  en: {
    title: 'Sign in',
    name: 'Name',
    password: 'Password',
    submit: 'Sign in',
    lost: 'My iPhone is lost: what now?',
    set: {
      title: 'Set up Holdfast',
      lead: 'Make the first account. It runs this Holdfast: devices, rules, settings and further accounts.',
      code: 'Code',
      codeHelp:
        'It stands where Holdfast was started: in the terminal, or in the log of the service. Only who can read it there can set it up.',
      name: 'Your name',
      password: 'Password',
      passwordHelp: 'At least 10 characters. Several words make a good one.',
      wrongCode:
        'This is not the code, or the first account exists already. A restart of Holdfast prints another code.',
      submit: 'Make the account',
    },
  },
  de: {
    title: 'Anmelden',
    name: 'Name',
    password: 'Passwort',
    submit: 'Anmelden',
    lost: 'Mein iPhone ist weg: was nun?',
    set: {
      title: 'Holdfast einrichten',
      lead: 'Das erste Konto anlegen. Es betreibt dieses Holdfast: Geräte, Regeln, Einstellungen und weitere Konten.',
      code: 'Code',
      codeHelp:
        'Er steht dort, wo Holdfast gestartet wurde: im Terminal oder im Protokoll des Dienstes. Nur wer ihn dort lesen kann, kann es einrichten.',
      name: 'Name',
      password: 'Passwort',
      passwordHelp: 'Mindestens 10 Zeichen. Mehrere Wörter ergeben ein gutes.',
      wrongCode:
        'Das ist nicht der Code, oder das erste Konto gibt es schon. Ein Neustart von Holdfast gibt einen anderen aus.',
      submit: 'Konto anlegen',
    },
  },
});
