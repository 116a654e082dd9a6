import type { ContentKindName, Shelf, ShelfKind } from '../../contract/index.ts';
import { describeCoverage, NEVER_IN_A_BACKUP, type PhotoCounts } from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { isBuiltIn } from './apps/app-pages.ts';
import { listDomains } from './files/folders.ts';
import {
  accountsIn,
  alarmsIn,
  appsIn,
  blockedIn,
  callsIn,
  calendarsIn,
  contactsIn,
  healthIn,
  messagesIn,
  notesIn,
  remindersIn,
  safariIn,
  voicemailIn,
  voiceMemosIn,
  whatsAppIn,
  wifiIn,
} from './kinds.ts';
import { peoplesAccounts } from './lists/small-lists.ts';
import { photoLibrary } from './photos/photo-library.ts';
import type { Unlocked } from './unlocked.ts';
import { isoOf } from './values.ts';

type Counted = Pick<ShelfKind, 'count' | 'details' | 'newestAt'>;

/** Kinds that only encrypted backups hold. */
const ENCRYPTED_ONLY: ReadonlySet<ContentKindName> = new Set(['calls', 'health', 'wifi']);

const COUNTERS: Readonly<Record<ContentKindName, (unlocked: Unlocked) => Promise<Counted | undefined>>> = {
  messages: async (unlocked) => {
    const messages = await messagesIn(unlocked);
    if (messages === undefined) return undefined;
    const { conversations, count } = messages;
    return { count, details: { conversations: conversations.length }, newestAt: isoOf(conversations[0]?.lastAt) };
  },
  photos: async (unlocked) => {
    const library = await photoLibrary(unlocked);
    return library && { count: library.total('library'), details: library.counts(), newestAt: library.newestAt };
  },
  contacts: async (unlocked) => {
    const contacts = await contactsIn(unlocked);
    return contacts && { count: contacts.people.length, details: { cards: contacts.cards.length } };
  },
  calls: async (unlocked) => {
    const calls = await callsIn(unlocked);
    if (calls === undefined) return undefined;
    const all = await unlocked.once('call times', () => Promise.resolve(Array.from(calls.all(), ({ at }) => at)));
    return { count: all.length, details: {}, newestAt: isoOf(all.at(-1)) };
  },
  voicemail: async (unlocked) => {
    const voicemail = await voicemailIn(unlocked);
    if (voicemail === undefined) return undefined;
    const all = await unlocked.once('voicemail times', () =>
      Array.fromAsync(voicemail.all(), ({ at, state }) => ({ at, state })),
    );
    return { count: all.length, details: {}, newestAt: isoOf(all.at(-1)?.at) };
  },
  notes: async (unlocked) => {
    const notes = await notesIn(unlocked);
    return notes && { count: notes.count(), details: { folders: notes.folders.length } };
  },
  calendar: async (unlocked) => {
    const calendars = await calendarsIn(unlocked);
    return calendars && { count: calendars.count, details: { calendars: calendars.calendars.length } };
  },
  reminders: async (unlocked) => {
    const reminders = await remindersIn(unlocked);
    return reminders && { count: reminders.count, details: {} };
  },
  safari: async (unlocked) => {
    const safari = await safariIn(unlocked);
    if (safari === undefined) return undefined;
    const visits = safari.history?.count ?? 0;
    return { count: visits + safari.tabs.length, details: { visits, tabs: safari.tabs.length } };
  },
  whatsapp: async (unlocked) => {
    const whatsapp = await whatsAppIn(unlocked);
    if (whatsapp === undefined) return undefined;
    const chats = whatsapp.accounts.flatMap((account) => account.chats);
    const newest = Math.max(...chats.map(({ lastMessageAt }) => lastMessageAt?.getTime() ?? 0), 0);
    return { count: chats.length, details: {}, newestAt: newest === 0 ? undefined : isoOf(new Date(newest)) };
  },
  health: async (unlocked) => {
    const health = await healthIn(unlocked);
    if (health === undefined) return undefined;
    const types = await unlocked.once('health types', () => Promise.resolve(health.types()));
    return { count: types.reduce((sum, { count }) => sum + count, 0), details: { types: types.length } };
  },
  'voice-memos': async (unlocked) => {
    const memos = (await voiceMemosIn(unlocked))?.memos;
    return memos && { count: memos.length, details: {}, newestAt: isoOf(memos[0]?.recordedAt) };
  },
  apps: async (unlocked) => {
    const apps = (await appsIn(unlocked))?.apps.filter((app) => !isBuiltIn(app));
    return apps && { count: apps.length, details: { withData: apps.filter(({ files }) => files > 0).length } };
  },
  wifi: async (unlocked) => {
    const networks = (await wifiIn(unlocked))?.networks;
    return networks && { count: networks.length, details: {}, newestAt: isoOf(networks[0]?.lastJoinedAt) };
  },
  accounts: async (unlocked) => {
    const accounts = await accountsIn(unlocked);
    return accounts && { count: peoplesAccounts(accounts).length, details: {} };
  },
  alarms: async (unlocked) => {
    const found = await alarmsIn(unlocked);
    return found && { count: found.alarms.length, details: { timers: found.timers.length } };
  },
  blocked: async (unlocked) => {
    const list = await blockedIn(unlocked);
    return list && { count: list.addresses.length, details: {} };
  },
  files: async (unlocked) => {
    const { domains } = await listDomains(unlocked);
    const [files, bytes] = [domains.map((each) => each.files), domains.map((each) => each.bytes)].map((each) =>
      each.reduce((sum, value) => sum + value, 0),
    );
    return { count: files ?? 0, details: { domains: domains.length, bytes: bytes ?? 0 } };
  },
};

/** What is in a version, kind by kind, and what is not. One kind that cannot be read does not hide the others. */
export function readShelf(unlocked: Unlocked): Promise<Shelf> {
  return unlocked.once('shelf', async () => {
    const kinds: ShelfKind[] = [];
    for (const kind of Object.keys(COUNTERS) as ContentKindName[]) kinds.push(await boardOf(unlocked, kind)); // its keys are these
    const coverage = await describeCoverage(unlocked.backup, { photos: await countedPhotos(unlocked) });
    return {
      snapshot: unlocked.record.id,
      encrypted: unlocked.backup.isEncrypted,
      kinds,
      areas: coverage.areas.map(({ title, presence, remark }) => ({ title, presence, remark })),
      never: [...NEVER_IN_A_BACKUP],
      warnings: [...coverage.warnings],
      appsWithoutData: [...coverage.appsWithoutData],
    };
  });
}

async function countedPhotos(unlocked: Unlocked): Promise<PhotoCounts | undefined> {
  try {
    return (await photoLibrary(unlocked))?.originals;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

async function boardOf(unlocked: Unlocked, kind: ContentKindName): Promise<ShelfKind> {
  try {
    const counted = await COUNTERS[kind](unlocked);
    if (counted !== undefined) return { kind, state: counted.count === 0 ? 'empty' : 'here', ...counted };
    const needsEncryption = !unlocked.backup.isEncrypted && ENCRYPTED_ONLY.has(kind);
    return { kind, state: 'absent', details: {}, ...(needsEncryption && { needsEncryption }) };
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) return { kind, state: 'unreadable', details: {} };
    throw error;
  }
}
