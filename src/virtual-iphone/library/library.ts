import type { PhoneDisk } from '../disk/index.ts';
import type { Person } from './people.ts';
import { Random } from './random.ts';

/** How much of each kind a phone holds. */
export interface Amounts {
  readonly people: number;
  readonly photos: number;
  /** Photos are four to three. */
  readonly photoWidthPx: number;
  readonly livePhotos: number;
  readonly screenshots: number;
  readonly videos: number;
  /** Frames of a video; 24 play in a second. */
  readonly videoFrames: number;
  readonly conversations: number;
  readonly messages: number;
  readonly calls: number;
  readonly voicemails: number;
  readonly notes: number;
  readonly events: number;
  readonly visits: number;
  readonly healthDays: number;
  readonly voiceMemos: number;
  readonly apps: number;
  readonly filesPerApp: number;
}

/** What the writers of the single kinds work with. */
export interface Library {
  readonly disk: PhoneDisk;
  /** The day it is on the phone: nothing is newer. */
  readonly now: Date;
  readonly amounts: Amounts;
  readonly people: readonly Person[];
  readonly owner: Owner;
  /** Chance for one kind of data, independent of all others. */
  random(name: string): Random;
}

/** The person whose phone it is. */
export interface Owner {
  readonly first: string;
  readonly last: string;
  readonly phone: string;
  readonly email: string;
  readonly cameraModel: string;
  readonly iosVersion: string;
  /** Where most things happen. */
  readonly home: { readonly latitude: number; readonly longitude: number };
  readonly timeZone: string;
  readonly utcOffsetMinutes: number;
}

export const OWNER: Owner = {
  first: 'Ada',
  last: 'Beispiel',
  phone: '+4915550123456',
  email: 'ada@example.org',
  cameraModel: 'iPhone 13',
  iosVersion: '18.5',
  home: { latitude: 47.6603, longitude: 9.1758 },
  timeZone: 'Europe/Berlin',
  utcOffsetMinutes: 60,
};

/** A seed for one part of a phone, so that parts do not draw the same numbers. */
export function seededRandom(seed: number): (name: string) => Random {
  return (name) => new Random(seed, name);
}

/**
 * Writes a file of the library anew from what it holds; does nothing where it is not there, as after a restore of
 * something else.
 */
export function rewrite(library: Library, domain: string, path: string, edit: (bytes: Buffer) => Buffer): void {
  const { disk, now } = library;
  const file = disk.get(domain, path);
  if (file) disk.writeFile(domain, path, edit(disk.read(file)), { modifiedAt: now });
}
