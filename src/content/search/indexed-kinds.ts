import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { accountsItems, openAccounts } from '../accounts/accounts.ts';
import { alarmsItems, openAlarms } from '../alarms/alarms.ts';
import { appsItems, openApps } from '../apps/apps.ts';
import { blockedItems, openBlocked } from '../blocked/blocked.ts';
import { openCalendars } from '../calendar/calendar.ts';
import { calendarItems } from '../calendar/items.ts';
import { callsItems, openCalls } from '../calls/open-calls.ts';
import { contactsItems, openContacts, type Contacts } from '../contacts/open-contacts.ts';
import { fragmentItems } from '../fragments/recover-fragments.ts';
import { messageItems } from '../messages/message-items.ts';
import { openMessages } from '../messages/messages.ts';
import { noteItems, openNotes } from '../notes/open-notes.ts';
import { openPhotos, photoItems } from '../photos/index.ts';
import { remindersItems } from '../reminders/items.ts';
import { openReminders } from '../reminders/reminders.ts';
import { safariItems } from '../safari/items.ts';
import { openSafari } from '../safari/safari.ts';
import type { ContentItem, ContentKind } from '../source/content-item.ts';
import { openVoicemail, voicemailItems } from '../voicemail/open-voicemail.ts';
import { openVoiceMemos, voiceMemoItems } from '../voice-memos/voice-memos.ts';
import { openWhatsApp, whatsappItems } from '../whatsapp/whatsapp.ts';
import { openWifi, wifiItems } from '../wifi/index.ts';
import type { IndexedKind } from './search-index.ts';

type Items = Iterable<ContentItem> | AsyncIterable<ContentItem>;

interface ItemSource {
  readonly kind: ContentKind;
  /** Undefined when the backup has nothing of the kind. What is opened is given to the stack. */
  readonly open: (backup: Backup, stack: DisposableStack, contacts: Contacts | undefined) => Promise<Items | undefined>;
}

const SOURCES: readonly ItemSource[] = [
  { kind: 'messages', open: source((backup, contacts) => openMessages(backup, { contacts }), messageItems) },
  // Where they could not be opened before, they fail once more, and are known to be unreadable.
  {
    kind: 'contacts',
    open: async (backup, _stack, contacts) => itemsOfContacts(contacts ?? (await openContacts(backup))),
  },
  { kind: 'calls', open: source(openCalls, callsItems) },
  { kind: 'voicemail', open: source(openVoicemail, voicemailItems) },
  { kind: 'calendar', open: source(openCalendars, calendarItems) },
  { kind: 'photos', open: source(openPhotos, photoItems) },
  { kind: 'notes', open: source((backup) => openNotes(backup), noteItems) },
  { kind: 'reminders', open: source(openReminders, remindersItems) },
  { kind: 'safari', open: source(openSafari, safariItems) },
  { kind: 'voice-memos', open: source(openVoiceMemos, voiceMemoItems) },
  { kind: 'whatsapp', open: source(openWhatsApp, whatsappItems) },
  { kind: 'apps', open: source((backup) => openApps(backup), appsItems) },
  { kind: 'accounts', open: source(openAccounts, accountsItems) },
  { kind: 'wifi', open: source(openWifi, wifiItems) },
  { kind: 'alarms', open: source(openAlarms, alarmsItems) },
  { kind: 'blocked', open: source(openBlocked, blockedItems) },
  { kind: 'fragments', open: (backup) => Promise.resolve(fragmentItems(backup)) },
];

/** Everything in a backup that can be searched, kind after kind; each is open until the next is asked for. */
export async function* indexedKinds(backup: Backup, signal?: AbortSignal): AsyncGenerator<IndexedKind, undefined> {
  using contacts = await openOrNothing(backup);
  for (const { kind, open } of SOURCES) {
    signal?.throwIfAborted();
    using stack = new DisposableStack();
    yield { kind, items: await openOrFail(() => open(backup, stack, contacts)) };
  }
}

function source<T extends object>(
  open: (backup: Backup, contacts: Contacts | undefined) => Promise<T | undefined>,
  items: (content: T, contacts?: Contacts) => Items,
): ItemSource['open'] {
  return async (backup, stack, contacts) => {
    const content = await open(backup, contacts);
    if (content !== undefined && isDisposable(content)) stack.use(content);
    return content && items(content, contacts);
  };
}

const itemsOfContacts = (contacts: Contacts | undefined): Items | undefined => contacts && contactsItems(contacts);

/** Some kinds are read at once and have nothing to let go of. */
const isDisposable = (content: object): content is Disposable => Symbol.dispose in content;

/** Contacts give names to numbers in other kinds; when they cannot be read, numbers do. */
async function openOrNothing(backup: Backup): Promise<Contacts | undefined> {
  try {
    return await openContacts(backup);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return undefined;
    throw error;
  }
}

/** A kind that cannot be opened fails when it is read, like one that is damaged further in. */
async function openOrFail(open: () => Promise<Items | undefined>): Promise<Items | undefined> {
  try {
    return await open();
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return failing(error);
    throw error;
  }
}

// oxlint-disable-next-line require-yield -- it has nothing to give but its failure
function* failing(error: Error): Generator<ContentItem, undefined> {
  throw error;
}
