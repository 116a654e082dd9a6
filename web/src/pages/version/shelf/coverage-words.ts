/** What the service says in English about what a version covers, in German. What is not known here stays as it is. */
const GERMAN: Readonly<Record<string, string>> = {
  Messages: 'Nachrichten',
  'Message attachments': 'Anhänge von Nachrichten',
  'Photos and videos': 'Fotos und Videos',
  Contacts: 'Kontakte',
  'Call history': 'Anrufliste',
  Voicemail: 'Voicemail',
  Notes: 'Notizen',
  Calendars: 'Kalender',
  Reminders: 'Erinnerungen',
  'Safari bookmarks': 'Lesezeichen von Safari',
  'Safari history': 'Verlauf von Safari',
  'Voice memos': 'Sprachmemos',
  'Passwords and passkeys': 'Passwörter und Passkeys',
  'Wi-Fi networks': 'WLAN-Netze',
  'Home accessories': 'Geräte von Home',
  'Home screen': 'Home-Bildschirm',
  'the passcode, Face ID and Touch ID': 'Code, Face ID und Touch ID',
  'cards of Apple Pay': 'Karten von Apple Pay',
  'mail, which stays with the mail provider': 'E-Mails, die beim Anbieter bleiben',
  'apps themselves, music, films and books from the stores: they are loaded again':
    'die Apps selbst und Musik, Filme und Bücher aus den Läden: sie werden neu geladen',
  'music, books and PDFs that a computer synchronised': 'Musik, Bücher und PDFs, die ein Computer abgeglichen hat',
  'Sealed with a key of the device itself: only that device could open it.':
    'Mit einem Schlüssel des Geräts versiegelt: Nur dieses Gerät könnte es öffnen.',
  'Only encrypted backups hold it: turn encryption on.':
    'Nur verschlüsselte Sicherungen enthalten es: Verschlüsselung einschalten.',
};

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^All (\d+) originals are here\.$/, 'Alle $1 Originale sind da.'],
  [
    /^The phone deletes messages after (\d+) days: .*$/,
    'Das Gerät löscht Nachrichten nach $1 Tagen: Ältere sind nur in früheren Versionen.',
  ],
];

const PARTS: readonly (readonly [RegExp, string])[] = [
  [/(\d+) of (\d+) originals are not in this backup/, '$1 von $2 Originalen sind nicht in dieser Sicherung'],
  [/(\d+) of them are in iCloud only/, '$1 davon sind nur in iCloud'],
  [/(\d+) are nowhere to be found/, '$1 sind nirgends zu finden'],
];

/** @param text a title, a remark or a warning of the shelf. */
export function coverageInGerman(text: string): string {
  const known = GERMAN[text];
  if (known !== undefined) return known;
  for (const [pattern, german] of PATTERNS) if (pattern.test(text)) return text.replace(pattern, german);
  return PARTS.reduce((told, [pattern, german]) => told.replace(pattern, german), text);
}
