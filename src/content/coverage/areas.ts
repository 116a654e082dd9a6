import type { Place } from '../source/content-database.ts';

/** Where a kind of data is kept by Apple's own two ways. */
export interface AppleWays {
  /** A backup by Finder or iTunes: always, only when it is encrypted, or never. */
  readonly computer: 'yes' | 'encrypted' | 'no';
  /** A backup to iCloud: always, only where the data is not synchronised with iCloud anyway, or never. */
  readonly icloud: 'yes' | 'unless-synced' | 'no';
}

/** Something people would miss, and by which files a backup is known to hold it. */
export interface Area extends AppleWays {
  readonly title: string;
  /** The backup holds it when it has a file at one of these, or below one that ends with "/". */
  readonly places: readonly Place[];
  /** What there is in an unencrypted backup is sealed by the device's own key. */
  readonly needsEncryption?: boolean;
}

const home = (relativePath: string): Place => ({ domain: 'HomeDomain', relativePath });

/**
 * From Apple's lists of what its backups hold (support.apple.com 108771 "About backups of iPhone, iPad" and 108770
 * "What does iCloud back up?"), and where the files lie.
 */
export const AREAS: readonly Area[] = [
  {
    title: 'Messages',
    places: [home('Library/SMS/sms.db')],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Message attachments',
    places: [{ domain: 'MediaDomain', relativePath: 'Library/SMS/Attachments/' }],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Photos and videos',
    places: [{ domain: 'CameraRollDomain', relativePath: 'Media/DCIM/' }],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Contacts',
    places: [home('Library/AddressBook/AddressBook.sqlitedb')],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Call history',
    places: [
      home('Library/CallHistoryDB/CallHistory.storedata'),
      { domain: 'WirelessDomain', relativePath: 'Library/CallHistory/call_history.db' },
    ],
    computer: 'encrypted',
    icloud: 'unless-synced',
  },
  {
    title: 'Voicemail',
    places: [home('Library/Voicemail/voicemail.db')],
    computer: 'yes',
    icloud: 'no',
  },
  {
    title: 'Notes',
    places: [
      { domain: 'AppDomainGroup-group.com.apple.notes', relativePath: 'NoteStore.sqlite' },
      home('Library/Notes/notes.sqlite'),
    ],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Calendars',
    places: [home('Library/Calendar/Calendar.sqlitedb')],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Reminders',
    places: [
      { domain: 'AppDomainGroup-group.com.apple.reminders', relativePath: 'Container_v1/Stores/' },
      home('Library/Reminders/Container_v1/Stores/'),
    ],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Safari bookmarks',
    places: [home('Library/Safari/Bookmarks.db')],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Safari history',
    places: [
      home('Library/Safari/History.db'),
      { domain: 'AppDomain-com.apple.mobilesafari', relativePath: 'Library/Safari/History.db' },
    ],
    computer: 'encrypted',
    icloud: 'unless-synced',
  },
  {
    title: 'Voice memos',
    places: [
      { domain: 'AppDomainGroup-group.com.apple.VoiceMemos.shared', relativePath: 'Recordings/' },
      { domain: 'MediaDomain', relativePath: 'Media/Recordings/' },
    ],
    computer: 'yes',
    icloud: 'unless-synced',
  },
  {
    title: 'Health',
    places: [{ domain: 'HealthDomain', relativePath: 'Health/healthdb_secure.sqlite' }],
    computer: 'encrypted',
    icloud: 'unless-synced',
  },
  {
    title: 'Passwords and passkeys',
    places: [{ domain: 'KeychainDomain', relativePath: 'keychain-backup.plist' }],
    needsEncryption: true,
    computer: 'encrypted',
    icloud: 'unless-synced',
  },
  {
    title: 'Wi-Fi networks',
    places: [
      { domain: 'SystemPreferencesDomain', relativePath: 'com.apple.wifi.known-networks.plist' },
      { domain: 'SystemPreferencesDomain', relativePath: 'SystemConfiguration/com.apple.wifi.plist' },
    ],
    computer: 'encrypted',
    icloud: 'yes',
  },
  {
    title: 'Home accessories',
    places: [{ domain: 'HomeKitDomain', relativePath: 'Library/homed/' }],
    computer: 'encrypted',
    icloud: 'unless-synced',
  },
  {
    title: 'WhatsApp',
    places: [
      { domain: 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared', relativePath: 'ChatStorage.sqlite' },
      { domain: 'AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared', relativePath: 'ChatStorage.sqlite' },
      { domain: 'AppDomain-net.whatsapp.WhatsApp', relativePath: 'Documents/ChatStorage.sqlite' },
    ],
    computer: 'yes',
    icloud: 'yes',
  },
  {
    title: 'Home screen',
    places: [home('Library/SpringBoard/IconState.plist')],
    computer: 'yes',
    icloud: 'yes',
  },
];

/** What no backup of any kind holds, so that nobody looks for it after the phone is gone. */
export const NEVER_IN_A_BACKUP: readonly string[] = [
  'the passcode, Face ID and Touch ID',
  'cards of Apple Pay',
  'mail, which stays with the mail provider',
  'apps themselves, music, films and books from the stores: they are loaded again',
  'music, books and PDFs that a computer synchronised',
];
