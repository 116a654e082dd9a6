import {
  containersAmong,
  openAccounts,
  openAlarms,
  openApps,
  openBlocked,
  openCalendars,
  openCalls,
  openContacts,
  openHealth,
  openHomeScreen,
  openMessages,
  openNotes,
  openPhotos,
  openReminders,
  openSafari,
  openVoicemail,
  openVoiceMemos,
  openWhatsApp,
  openWifi,
  type Account,
  type Alarms,
  type Apps,
  type BlockList,
  type Calendars,
  type Calls,
  type Contacts,
  type Health,
  type HomeScreen,
  type Messages,
  type Notes,
  type Photos,
  type Reminders,
  type Safari,
  type Voicemails,
  type VoiceMemos,
  type WhatsApp,
  type WifiNetworks,
} from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { listDomains } from './files/folders.ts';
import type { Unlocked } from './unlocked.ts';

/** The kinds of content of a version, each opened once. Undefined where the version has none. */

export const contactsIn = (unlocked: Unlocked): Promise<Contacts | undefined> =>
  unlocked.once('contacts', () => openContacts(unlocked.backup));

/** For giving names to numbers: an address book that cannot be read leaves the numbers. */
export async function namesIn(unlocked: Unlocked): Promise<Contacts | undefined> {
  try {
    return await contactsIn(unlocked);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return undefined;
    throw error;
  }
}

export const messagesIn = (unlocked: Unlocked): Promise<Messages | undefined> =>
  unlocked.once('messages', async () => openMessages(unlocked.backup, { contacts: await namesIn(unlocked) }));

export const callsIn = (unlocked: Unlocked): Promise<Calls | undefined> =>
  unlocked.once('calls', () => openCalls(unlocked.backup));

export const voicemailIn = (unlocked: Unlocked): Promise<Voicemails | undefined> =>
  unlocked.once('voicemail', () => openVoicemail(unlocked.backup));

/** @param password of locked notes; forgotten when the version is locked. */
export const notesIn = (unlocked: Unlocked, password?: string): Promise<Notes | undefined> =>
  unlocked.once('notes', () => openNotes(unlocked.backup, { password }));

export const photosIn = (unlocked: Unlocked): Promise<Photos | undefined> =>
  unlocked.once('photos', () => openPhotos(unlocked.backup));

export const calendarsIn = (unlocked: Unlocked): Promise<Calendars | undefined> =>
  unlocked.once('calendar', () => openCalendars(unlocked.backup));

export const remindersIn = (unlocked: Unlocked): Promise<Reminders | undefined> =>
  unlocked.once('reminders', () => openReminders(unlocked.backup));

export const voiceMemosIn = (unlocked: Unlocked): Promise<VoiceMemos | undefined> =>
  unlocked.once('voice memos', () => openVoiceMemos(unlocked.backup));

export const safariIn = (unlocked: Unlocked): Promise<Safari | undefined> =>
  unlocked.once('safari', () => openSafari(unlocked.backup));

export const whatsAppIn = (unlocked: Unlocked): Promise<WhatsApp | undefined> =>
  unlocked.once('whatsapp', () => openWhatsApp(unlocked.backup));

export const healthIn = (unlocked: Unlocked): Promise<Health | undefined> =>
  unlocked.once('health', () => openHealth(unlocked.backup));

export const appsIn = (unlocked: Unlocked): Promise<Apps | undefined> =>
  unlocked.once('apps', async () => {
    const { domains } = await listDomains(unlocked);
    const containers = containersAmong(domains.map(({ bytes, ...each }) => ({ ...each, sizeBytes: bytes })));
    return openApps(unlocked.backup, { containers, filesWithoutSize: 0 });
  });

/** For telling where apps stood: one that cannot be read tells nothing. */
export const homeScreenIn = (unlocked: Unlocked): Promise<HomeScreen | undefined> =>
  unlocked.once('home screen', async () => {
    try {
      return await openHomeScreen(unlocked.backup);
    } catch (error) {
      if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return undefined;
      throw error;
    }
  });

/** With the passwords of networks: they go with everything else when the version is locked. */
export const wifiIn = (unlocked: Unlocked): Promise<WifiNetworks | undefined> =>
  unlocked.once('wifi', () => openWifi(unlocked.backup));

export const accountsIn = (unlocked: Unlocked): Promise<readonly Account[] | undefined> =>
  unlocked.once('accounts', () => openAccounts(unlocked.backup));

export const alarmsIn = (unlocked: Unlocked): Promise<Alarms | undefined> =>
  unlocked.once('alarms', () => openAlarms(unlocked.backup));

export const blockedIn = (unlocked: Unlocked): Promise<BlockList | undefined> =>
  unlocked.once('blocked', () => openBlocked(unlocked.backup));
