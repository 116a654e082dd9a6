/**
 * Which files each thing that can be chosen lives in. A part is what only makes sense together: a database, the files
 * its rows name, and its `-wal` and `-shm`. It is taken as a whole, or left alone as a whole.
 *
 * Where the files lie is what src/content reads; see docs/decisions/0012-selective-restore.md for why whole parts are exchanged.
 */
import { isDomainOfApp } from '../../snapshot/index.ts';
import type { Chosen, SelectableKind } from './choice.ts';

/** A file, or with a "/" at the end any file below a folder. */
export interface Anchor {
  readonly domain: string;
  readonly relativePath: string;
}

export interface Part {
  /** What was chosen: `messages`, `app:com.example.notes`. */
  readonly name: string;
  /** What it is, where what was chosen has several: `bookmarks` of `safari`. Otherwise as `name`. */
  readonly id: string;
  /** In plain words, for a line of its own. */
  readonly title: string;
  /**
   * A backup without any of these has nothing of the part to give. They are where it has been over the years; one that
   * lies elsewhere on the device than in the older backup was moved by iOS, and nothing would find it there.
   * Empty for apps: any file will do.
   */
  readonly anchors: readonly Anchor[];
  readonly hasDomain: (domain: string) => boolean;
  /** Whether a place in one of its domains belongs to it. */
  readonly hasPath: (domain: string, relativePath: string) => boolean;
  /** Apple keeps it in encrypted backups alone. */
  readonly encryptedOnly?: boolean;
  /** iCloud may have it, too, under this name, and would bring its own state back. */
  readonly inCloud?: string;
  /** What a person would count in it. */
  readonly counted?: CountedItems;
}

export type CountedItems =
  | 'messages'
  | 'contacts'
  | 'calls'
  | 'notes'
  | 'events'
  | 'reminders'
  | 'bookmarks'
  | 'visits'
  | 'photos';

interface Place {
  readonly domain: string;
  /** '' for all of the domain. What begins like a folder's name and is none: `History.db` has also `History.db-wal`. */
  readonly path: string;
}

const home = (path: string): Place => ({ domain: 'HomeDomain', path });
const MOBILE_SAFARI = 'AppDomain-com.apple.mobilesafari';
const inSafari = (name: string): Place[] => [
  home(`Library/Safari/${name}`),
  { domain: MOBILE_SAFARI, path: `Library/Safari/${name}` },
];
const anchor = ({ domain, path }: Place): Anchor => ({ domain, relativePath: path });
const NOTES = 'AppDomainGroup-group.com.apple.notes';
const REMINDERS = 'AppDomainGroup-group.com.apple.reminders';
const VOICE_MEMOS = 'AppDomainGroup-group.com.apple.VoiceMemos.shared';

interface PartRow {
  /** Left out where what is chosen is this one part, or mostly. */
  readonly id?: string;
  readonly title: string;
  readonly places: readonly Place[];
  readonly anchors: readonly Anchor[];
  readonly encryptedOnly?: boolean;
  readonly inCloud?: string;
  readonly counted?: CountedItems;
}

const KINDS: Readonly<Record<SelectableKind, readonly PartRow[]>> = {
  messages: [
    {
      title: 'Messages and their attachments',
      counted: 'messages',
      places: [home('Library/SMS'), { domain: 'MediaDomain', path: 'Library/SMS' }],
      anchors: [anchor(home('Library/SMS/sms.db'))],
      inCloud: 'Messages',
    },
  ],
  contacts: [
    {
      title: 'Contacts',
      counted: 'contacts',
      places: [home('Library/AddressBook')],
      anchors: [anchor(home('Library/AddressBook/AddressBook.sqlitedb'))],
      inCloud: 'Contacts',
    },
  ],
  calls: [
    {
      title: 'Call history',
      counted: 'calls',
      places: [home('Library/CallHistoryDB')],
      anchors: [anchor(home('Library/CallHistoryDB/CallHistory.storedata'))],
      encryptedOnly: true,
      inCloud: 'iCloud Drive (call history)',
    },
  ],
  notes: [
    {
      title: 'Notes and their attachments',
      counted: 'notes',
      places: [{ domain: NOTES, path: '' }],
      anchors: [{ domain: NOTES, relativePath: 'NoteStore.sqlite' }],
      inCloud: 'Notes',
    },
    {
      id: 'notes-of-mail',
      title: 'Notes of mail accounts',
      places: [home('Library/Notes')],
      anchors: [anchor(home('Library/Notes/notes.sqlite'))],
    },
  ],
  calendar: [
    {
      title: 'Calendars',
      counted: 'events',
      places: [home('Library/Calendar')],
      anchors: [anchor(home('Library/Calendar/Calendar.sqlitedb'))],
      inCloud: 'Calendars',
    },
  ],
  reminders: [
    {
      title: 'Reminders',
      counted: 'reminders',
      places: [{ domain: REMINDERS, path: '' }, home('Library/Reminders')],
      anchors: [
        { domain: REMINDERS, relativePath: 'Container_v1/Stores/' },
        anchor(home('Library/Reminders/Container_v1/Stores/')),
      ],
      inCloud: 'Reminders',
    },
  ],
  safari: [
    {
      id: 'bookmarks',
      title: 'Bookmarks',
      counted: 'bookmarks',
      places: inSafari('Bookmarks.db'),
      anchors: inSafari('Bookmarks.db').map(anchor),
      inCloud: 'Safari',
    },
    {
      id: 'browsing-history',
      title: 'Browsing history',
      counted: 'visits',
      places: inSafari('History.db'),
      anchors: inSafari('History.db').map(anchor),
      encryptedOnly: true,
      inCloud: 'Safari',
    },
    {
      id: 'tabs',
      title: 'Tabs and profiles',
      places: ['SafariTabs.db', 'BrowserState.db', 'Profiles'].flatMap(inSafari),
      anchors: [...inSafari('SafariTabs.db'), ...inSafari('BrowserState.db')].map(anchor),
      encryptedOnly: true,
      inCloud: 'Safari',
    },
  ],
  'voice-memos': [
    {
      title: 'Voice memos',
      places: [
        { domain: VOICE_MEMOS, path: 'Recordings' },
        { domain: 'MediaDomain', path: 'Media/Recordings' },
      ],
      anchors: [
        { domain: VOICE_MEMOS, relativePath: 'Recordings/' },
        { domain: 'MediaDomain', relativePath: 'Media/Recordings/' },
      ],
      inCloud: 'Voice Memos',
    },
  ],
  // The library knows each picture by name: neither goes without the other.
  photos: [
    {
      title: 'Photos and videos, all of the library',
      counted: 'photos',
      places: [{ domain: 'CameraRollDomain', path: '' }],
      anchors: [{ domain: 'CameraRollDomain', relativePath: 'Media/PhotoData/Photos.sqlite' }],
      inCloud: 'Photos',
    },
  ],
};

/** The parts of everything chosen. No two have a place in common, but for an app and a group of its that was named. */
export function partsOf(choice: readonly Chosen[]): Part[] {
  return choice.flatMap((chosen): Part[] => {
    if ('kind' in chosen) return KINDS[chosen.kind].map((row) => partOfKind(chosen.kind, row));
    const [name, title, hasDomain] =
      'app' in chosen
        ? [`app:${chosen.app}`, `Data of ${chosen.app}`, (domain: string) => isDomainOfApp(domain, chosen.app)]
        : [
            `group:${chosen.group}`,
            `Shared data of ${chosen.group}`,
            (domain: string) => domain === `AppDomainGroup-${chosen.group}`,
          ];
    return [{ name, id: name, title, anchors: [], hasDomain, hasPath: hasDomain }];
  });
}

function partOfKind(name: SelectableKind, row: PartRow): Part {
  const domains = new Set(row.places.map(({ domain }) => domain));
  return {
    name,
    id: row.id ?? name,
    title: row.title,
    anchors: row.anchors,
    hasDomain: (domain) => domains.has(domain),
    hasPath: (domain, path) => row.places.some((place) => place.domain === domain && isAtOrBelow(path, place.path)),
    ...(row.encryptedOnly === true && { encryptedOnly: true }),
    ...(row.inCloud !== undefined && { inCloud: row.inCloud }),
    ...(row.counted !== undefined && { counted: row.counted }),
  };
}

/** What SQLite keeps beside a database. */
const SIBLING = /^-(?:wal|shm|journal)$/;

function isAtOrBelow(path: string, place: string): boolean {
  if (place === '' || path === place) return true;
  if (!path.startsWith(place)) return false;
  const rest = path.slice(place.length);
  return rest.startsWith('/') || SIBLING.test(rest);
}
