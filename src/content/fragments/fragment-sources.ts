import type { SqlValue } from '../../database/index.ts';
import { decodeAttributedString } from '../../formats/index.ts';
import { fromCocoaSeconds, fromCocoaTime, fromUnixSeconds } from '../../shared/time/apple-time.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Place } from '../source/content-database.ts';
import type { ContentKind } from '../source/content-item.ts';

export type FragmentValues = ReadonlyMap<string, SqlValue>;

/** A table in whose leftovers it is worth to look. */
export interface FragmentSource {
  readonly kind: ContentKind;
  readonly places: readonly Place[];
  readonly table: string;
  /** Columns one of which has to hold words. */
  readonly telling: readonly string[];
  /** The column by which a row that is still there is known; without one the telling columns together. */
  readonly identity?: string;
  readonly at: (values: FragmentValues) => Date | undefined;
  readonly title: (values: FragmentValues) => string;
  readonly text: (values: FragmentValues) => string;
}

const home = (relativePath: string): Place => ({ domain: 'HomeDomain', relativePath });
const words = (values: FragmentValues, ...columns: readonly string[]): string =>
  columns
    .map((column) => values.get(column))
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' ');

export const FRAGMENT_SOURCES: readonly FragmentSource[] = [
  {
    kind: 'messages',
    places: [home('Library/SMS/sms.db')],
    table: 'message',
    telling: ['text', 'guid'],
    identity: 'guid',
    at: (values) => fromCocoaTime(values.get('date')),
    title: (values) => (values.get('is_from_me') === 1 ? 'Message sent' : 'Message received'),
    text: messageText,
  },
  {
    kind: 'calls',
    places: [home('Library/CallHistoryDB/CallHistory.storedata')],
    table: 'ZCALLRECORD',
    telling: ['ZUNIQUE_ID', 'ZNAME'],
    identity: 'ZUNIQUE_ID',
    at: (values) => fromCocoaSeconds(values.get('ZDATE')),
    title: (values) => (values.get('ZORIGINATED') === 1 ? 'Call made' : 'Call received'),
    text: (values) => `${addressOf(values.get('ZADDRESS'))} ${words(values, 'ZNAME')}`.trim(),
  },
  {
    kind: 'contacts',
    places: [home('Library/AddressBook/AddressBook.sqlitedb')],
    table: 'ABPerson',
    telling: ['First', 'Last', 'Organization'],
    identity: 'guid',
    at: (values) => fromCocoaSeconds(values.get('ModificationDate')),
    title: (values) => words(values, 'First', 'Last', 'Organization'),
    text: (values) => words(values, 'First', 'Middle', 'Last', 'Organization', 'Nickname', 'Note'),
  },
  {
    kind: 'contacts',
    places: [home('Library/AddressBook/AddressBook.sqlitedb')],
    table: 'ABMultiValue',
    telling: ['value'],
    at: () => undefined,
    title: () => 'Number or address',
    text: (values) => words(values, 'value'),
  },
  {
    kind: 'safari',
    places: [
      home('Library/Safari/History.db'),
      { domain: 'AppDomain-com.apple.mobilesafari', relativePath: 'Library/Safari/History.db' },
    ],
    table: 'history_items',
    telling: ['url'],
    identity: 'url',
    at: () => undefined,
    title: () => 'Page visited',
    text: (values) => words(values, 'url'),
  },
  {
    kind: 'safari',
    places: [
      home('Library/Safari/History.db'),
      { domain: 'AppDomain-com.apple.mobilesafari', relativePath: 'Library/Safari/History.db' },
    ],
    table: 'history_visits',
    telling: ['title'],
    at: (values) => fromCocoaSeconds(values.get('visit_time')),
    title: () => 'Page visited',
    text: (values) => words(values, 'title'),
  },
  {
    kind: 'calendar',
    places: [home('Library/Calendar/Calendar.sqlitedb')],
    table: 'CalendarItem',
    telling: ['summary'],
    identity: 'UUID',
    at: (values) => fromCocoaSeconds(values.get('start_date')),
    title: (values) => words(values, 'summary'),
    text: (values) => words(values, 'summary', 'description'),
  },
  {
    kind: 'notes',
    places: [{ domain: 'AppDomainGroup-group.com.apple.notes', relativePath: 'NoteStore.sqlite' }],
    table: 'ZICCLOUDSYNCINGOBJECT',
    telling: ['ZTITLE1', 'ZSNIPPET'],
    identity: 'ZIDENTIFIER',
    at: (values) => fromCocoaSeconds(values.get('ZMODIFICATIONDATE1')),
    title: (values) => words(values, 'ZTITLE1'),
    text: (values) => words(values, 'ZTITLE1', 'ZSNIPPET'),
  },
  {
    kind: 'voicemail',
    places: [home('Library/Voicemail/voicemail.db')],
    table: 'voicemail',
    telling: ['sender', 'callback_num'],
    at: (values) => fromUnixSeconds(values.get('date')),
    title: () => 'Voicemail',
    text: (values) => words(values, 'sender', 'callback_num'),
  },
  {
    kind: 'whatsapp',
    places: [
      { domain: 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared', relativePath: 'ChatStorage.sqlite' },
      { domain: 'AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared', relativePath: 'ChatStorage.sqlite' },
      { domain: 'AppDomain-net.whatsapp.WhatsApp', relativePath: 'Documents/ChatStorage.sqlite' },
    ],
    table: 'ZWAMESSAGE',
    telling: ['ZTEXT', 'ZSTANZAID'],
    identity: 'ZSTANZAID',
    at: (values) => fromCocoaSeconds(values.get('ZMESSAGEDATE')),
    title: (values) => (values.get('ZISFROMME') === 1 ? 'Message sent' : words(values, 'ZPUSHNAME', 'ZFROMJID')),
    text: (values) => words(values, 'ZTEXT'),
  },
];

/** Numbers are kept as text, by some releases as bytes. */
function addressOf(value: SqlValue | undefined): string {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array
    ? Buffer.from(value)
        .toString('utf8')
        .replace(/[^\P{C}]/gu, '')
    : '';
}

function messageText(values: FragmentValues): string {
  const text = values.get('text');
  if (typeof text === 'string' && text !== '') return text;
  const body = values.get('attributedBody');
  if (!(body instanceof Uint8Array)) return '';
  try {
    return decodeAttributedString(body).text;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return '';
    throw error;
  }
}
