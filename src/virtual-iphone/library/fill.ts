import type { PhoneDisk } from '../disk/index.ts';
import { DAY_MS } from './apple-time.ts';
import { fillAccounts } from './accounts.ts';
import { changeApps, fillApps } from './apps.ts';
import { changeCalendar, fillCalendar } from './calendar.ts';
import { changeCalls, fillCalls } from './calls.ts';
import { changeContacts, fillContacts } from './contacts.ts';
import { fillDataUsage } from './data-usage.ts';
import { changeHealth, fillHealth } from './health/health.ts';
import { fillInteractions } from './interactions.ts';
import { OWNER, seededRandom, type Amounts, type Library } from './library.ts';
import { fillKeychain, rewriteKeychain, type KeyWrapper } from './keychain/keychain-backup.ts';
import { fillMediaFolder } from './media-folder.ts';
import { changeMessages, fillMessages } from './messages/messages.ts';
import { changeNotes, fillNotes } from './notes/notes.ts';
import { fillOddities } from './oddities.ts';
import { addPadding, changePadding } from './padding.ts';
import { inventPeople } from './people.ts';
import { changePhotos, fillPhotos } from './photos/photos.ts';
import { changePreferences, fillPreferences } from './preferences.ts';
import { Random } from './random.ts';
import { fillReminders } from './reminders.ts';
import { changeSafari, fillSafari } from './safari.ts';
import { fillVoiceMemos } from './voice-memos.ts';
import { fillVoicemail } from './voicemail.ts';
import { fillWhatsApp } from './whatsapp/whatsapp.ts';

export interface LibraryOptions {
  /**
   * `small`: some hundred files of a few MB in all. `medium`: a few thousand. A number: as many files, the lifelike
   * ones first (`small` ones below 20,000, `medium` ones from there), the rest padding with the sizes of real backups.
   */
  readonly size: 'small' | 'medium' | number;
  /** The same seed gives the same bytes. */
  readonly seed?: number;
  /** The day it is on the phone; default a fixed one, so that the bytes do not depend on when they are made. */
  readonly now?: Date;
}

const SETTING = 'library';
const DEFAULT_NOW = new Date('2026-11-20T18:30:00Z');
const MEDIUM_FROM_FILES = 20_000;
const MOST_PICTURES_A_DAY = 12;

const SMALL: Amounts = {
  people: 28,
  photos: 24,
  photoWidthPx: 640,
  livePhotos: 4,
  screenshots: 2,
  videos: 1,
  videoFrames: 36,
  conversations: 9,
  messages: 400,
  calls: 60,
  voicemails: 3,
  notes: 12,
  events: 40,
  visits: 120,
  healthDays: 14,
  voiceMemos: 2,
  apps: 8,
  filesPerApp: 8,
};

const MEDIUM: Amounts = {
  people: 160,
  photos: 320,
  photoWidthPx: 1024,
  livePhotos: 60,
  screenshots: 25,
  videos: 6,
  videoFrames: 96,
  conversations: 60,
  messages: 7000,
  calls: 900,
  voicemails: 25,
  notes: 150,
  events: 500,
  visits: 2500,
  healthDays: 200,
  voiceMemos: 12,
  apps: 60,
  filesPerApp: 20,
};

/**
 * Fills an empty phone with a person's life: photos, conversations, contacts, calls, notes, calendars and the rest, in
 * the formats of iOS 18, and remembers in the settings what it made so that days can go by.
 */
export function fillLibrary(disk: PhoneDisk, { size, seed = 1, now = DEFAULT_NOW }: LibraryOptions): void {
  const isMedium = size === 'medium' || (typeof size === 'number' && size >= MEDIUM_FROM_FILES);
  const library = libraryOf(disk, seed, now, isMedium ? MEDIUM : SMALL, seededRandom(seed));
  disk.batch(() => {
    fillPhotos(library);
    fillMessages(library);
    fillContacts(library);
    fillCalls(library);
    fillVoicemail(library);
    fillAccounts(library);
    fillInteractions(library);
    fillDataUsage(library);
    fillNotes(library);
    fillReminders(library);
    fillCalendar(library);
    fillSafari(library);
    fillHealth(library);
    fillVoiceMemos(library);
    fillWhatsApp(library);
    fillApps(library, seed);
    fillPreferences(library, seed);
    fillKeychain(disk, seed, now);
    fillMediaFolder(library);
    fillOddities(library);
    if (typeof size === 'number') {
      const count = Math.max(0, size - countFiles(disk));
      addPadding(disk, { count, now, random: library.random('padding') });
    }
    disk.settings.set(SETTING, { seed, now: now.getTime(), day: 0, isMedium });
  });
}

export interface FilesOptions {
  readonly count: number;
  /** Bytes of each file; without it, sizes as real backups have them. */
  readonly sizeBytes?: number;
  readonly seed?: number;
}

/** Fills a phone with so many files of one size and nothing else: for measuring. */
export function fillWithFiles(disk: PhoneDisk, { count, sizeBytes, seed = 1 }: FilesOptions): void {
  const random = new Random(seed, 'padding');
  disk.batch(() => {
    addPadding(disk, { count, now: DEFAULT_NOW, random, ...(sizeBytes !== undefined && { sizeBytes }) });
    disk.settings.set(SETTING, { seed, now: DEFAULT_NOW.getTime(), day: 0, isMedium: false });
  });
}

export interface MutationOptions {
  /** What this day brings; default: follows from the seed of the library and the number of the day. */
  readonly seed?: number;
  /** How many of the files change; default 0.01. A day touches a handful of files however few there are. */
  readonly share?: number;
}

/** A day goes by: messages, pictures and calls come, notes are edited, something is deleted, apps write their files. */
export function mutateLibrary(disk: PhoneDisk, options: MutationOptions = {}): void {
  const state = stateOf(disk.settings.get(SETTING));
  const day = state.day + 1;
  const seed = options.seed ?? state.seed * 1000 + day;
  const now = new Date(state.now + DAY_MS);
  const inventor = seededRandom(state.seed);
  const library = libraryOf(disk, seed, now, state.isMedium ? MEDIUM : SMALL, inventor);
  disk.batch(() => {
    const files = countFiles(disk);
    const budget = Math.round(files * (options.share ?? 0.01));
    const spent = changeLives(library, budget);
    changePadding(disk, { count: Math.max(0, budget - spent), now, random: library.random('padding') });
    disk.settings.set(SETTING, { ...state, now: now.getTime(), day });
  });
}

/**
 * The owner has set a backup password, or removed it: the phone's keychain is wrapped anew, for the keys of the
 * backup's keybag or for nobody.
 */
export function rewrapKeychain(disk: PhoneDisk, keys?: KeyWrapper): void {
  const { seed, now } = stateOf(disk.settings.get(SETTING));
  rewriteKeychain(disk, seed, new Date(now), keys);
}

/** Runs what a day brings, the most usual first, until so many files have changed. Returns how many did, about. */
function changeLives(library: Library, budget: number): number {
  const pictures = Math.max(1, Math.min(MOST_PICTURES_A_DAY, Math.floor((budget - 8) / 2)));
  const steps: readonly (readonly [cost: number, change: () => void])[] = [
    [1, () => changeMessages(library)],
    [2 * pictures + 1, () => changePhotos(library, pictures)],
    [1, () => changeNotes(library)],
    [1, () => changeCalls(library)],
    [1, () => changeSafari(library)],
    [1, () => changePreferences(library)],
    [4, () => changeApps(library)],
    [1, () => changeHealth(library)],
    [1, () => changeCalendar(library)],
    [1, () => changeContacts(library)],
  ];
  let spent = 0;
  for (const [cost, change] of steps) {
    if (spent >= Math.max(4, budget)) break;
    change();
    spent += cost;
  }
  return spent;
}

function libraryOf(
  disk: PhoneDisk,
  seed: number,
  now: Date,
  amounts: Amounts,
  inventor: (name: string) => Random,
): Library {
  return {
    disk,
    now,
    amounts,
    owner: OWNER,
    people: inventPeople(inventor('people'), amounts.people),
    random: seededRandom(seed),
  };
}

interface LibraryState {
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly day: number;
  readonly isMedium: boolean;
}

function stateOf(value: unknown): LibraryState {
  const state = typeof value === 'object' && value !== null ? (value as Partial<LibraryState>) : {};
  return {
    seed: state.seed ?? 1,
    now: state.now ?? DEFAULT_NOW.getTime(),
    day: state.day ?? 0,
    isMedium: state.isMedium ?? false,
  };
}

function countFiles(disk: PhoneDisk): number {
  let count = 0;
  for (const file of disk.all()) if (file.kind === 'file') count++;
  return count;
}
