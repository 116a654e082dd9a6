import { encodeBinaryPlist } from '../../../formats/index.ts';
import { DAY_MS, daysBefore } from '../apple-time.ts';
import type { CoreDataStore } from '../core-data.ts';
import type { Library } from '../library.ts';
import { encodeTiff, type CameraFacts } from '../media/exif.ts';
import { encodeHeic } from '../media/heic.ts';
import { encodeJpeg } from '../media/jpeg.ts';
import { encodeMovie } from '../media/movie.ts';
import { landscape } from '../media/scene.ts';
import { makeFilm, makeLivePhoto, makePhoto, PHOTOS_DOMAIN, type Shot } from './photo-files.ts';
import { addAlbum, addAsset, type Asset } from './photo-rows.ts';
import type { Random } from '../random.ts';

/** What makes a photo special, and when it was taken. */
type Special = Partial<Asset> & { readonly daysAgo: number; readonly shot?: Partial<Shot> };

/** The numbers of these begin where those of the camera do not come to. */
const FIRST_NUMBER = 5001;
const NOT_PICKED = 2;
/** Picked by the phone, on top of the pile, shown. */
const ON_TOP = 52;
const PICKED_BY_OWNER = 8;
const SHARED_FOLDER = 'PhotoData/PhotoCloudSharingData/8000000001/5E1F0000-0000-4000-8000-000000000001/100CLOUD';
const SHARED_GUID = '5E1F0000-0000-4000-8000-000000000001';

/**
 * One of everything that a library can hold beyond pictures and films: bursts, panoramas, films of all kinds, raw
 * files, edits of Live Photos, smaller copies, pictures of other devices and of other people, words, people, albums in
 * folders; and a file that the library does not know.
 */
export function addSpecialPhotos(library: Library, store: CoreDataStore): void {
  const random = library.random('special photos');
  const roll = new Roll(library, store, random);
  const burst = random.uuid();
  for (const pick of [NOT_PICKED, ON_TOP, PICKED_BY_OWNER]) roll.photo({ daysAgo: 30, burst: { uuid: burst, pick } });
  const panorama = roll.photo({ daysAgo: 29, subtype: 1 });
  roll.photo({ daysAgo: 28, hasDepth: true });
  for (const subtype of [101, 102, 103]) roll.film({ daysAgo: 27, subtype });
  roll.film({ daysAgo: 26, isHidden: true });
  roll.rawAndJpeg({ daysAgo: 25 });
  roll.editedLivePhoto({ daysAgo: 24, isFavorite: true });
  roll.photo({ daysAgo: 23, originalSizeBytes: 4_711_000 });
  const place = { directory: 'PhotoData/CPLAssets/group7', fileName: `${random.uuid()}.JPG` };
  // Another device gave it a name that this one has given, too.
  roll.photo({ daysAgo: 22, originalName: 'IMG_5001.JPG', shot: { place } });
  const away = { daysAgo: 21, timeZone: 'America/New_York', shot: { utcOffsetMinutes: -240 } } as const;
  const described = roll.photo({
    ...away,
    words: {
      title: 'Brücke bei Nacht 🌉',
      caption: 'Mit „Opa“ & <Oma>,\nzweite Zeile',
      keywords: ['Größe', 'New York', 'a|b'],
      people: ['Erika Beispiel', 'Renée O’Hara', ''],
      address: 'Brooklyn Bridge, New York, NY, Vereinigte Staaten',
    },
  });
  roll.shared(described);
  roll.albums([panorama, described]);
  roll.unknownFile();
}

/** Takes the pictures, one number after another. */
class Roll {
  readonly #library: Library;
  readonly #store: CoreDataStore;
  readonly #random: Random;
  #number = FIRST_NUMBER;

  constructor(library: Library, store: CoreDataStore, random: Random) {
    // A few frames are enough to tell one kind of film from another.
    this.#library = { ...library, amounts: { ...library.amounts, videoFrames: 4 } };
    this.#store = store;
    this.#random = random;
  }

  photo(special: Special): number {
    return this.#add(makePhoto(this.#library, this.#random, this.#shot(special)), special);
  }

  film(special: Special): number {
    return this.#add(makeFilm(this.#library, this.#random, this.#shot(special)), special);
  }

  /** A JPEG and, beside it, what the sensor saw. */
  rawAndJpeg(special: Special): void {
    const made = makePhoto(this.#library, this.#random, this.#shot(special));
    const raw = Buffer.concat([encodeTiff(made.facts), this.#random.bytes(9000)]);
    this.#write(`${made.directory}/${made.fileName.replace('.JPG', '.DNG')}`, raw, made.facts);
    this.#add(made, special);
  }

  /** A Live Photo whose picture and film were both edited. */
  editedLivePhoto(special: Special): void {
    const made = makeLivePhoto(this.#library, this.#random, this.#shot(special));
    const place = `PhotoData/Mutations/${made.directory}/${made.fileName.replace('.HEIC', '')}/Adjustments`;
    const scene = landscape(this.#random);
    const size = { widthPx: 320, heightPx: 240 };
    const movie = { facts: { ...made.facts, ...size }, frames: [encodeJpeg({ ...size, scene })], framesPerSecond: 24 };
    this.#write(`${place}/FullSizeRender.heic`, encodeHeic(made.facts, this.#random.bytes(8000)), made.facts);
    this.#write(`${place}/FullSizeRender.mov`, encodeMovie(movie), made.facts);
    this.#write(
      `${place}/Adjustments.plist`,
      encodeBinaryPlist({ adjustmentFormatIdentifier: 'com.apple.photo' }),
      made.facts,
    );
    this.#add({ ...made, isEdited: true }, special);
  }

  /** Two pictures of an album that somebody else shares, one of them not fetched; and one that came with a message. */
  shared(mine: number): void {
    const { owner } = this.#library;
    const inAlbum = { savedType: 4, cloudCollection: SHARED_GUID, daysAgo: 20 } as const;
    const places = ['IMG_0001.JPG', 'IMG_0002.JPG'].map((fileName) => ({ directory: SHARED_FOLDER, fileName }));
    const keys = places.map((place, i) => this.photo({ ...inAlbum, shot: { place, isOffloaded: i === 1 } }));
    this.#store.add('CloudSharedComment', 'ZCLOUDSHAREDCOMMENT', {
      ZISCAPTION: 1,
      ZCOMMENTEDASSET: keys[0],
      ZCOMMENTTEXT: 'Unser Garten 🌻',
    });
    const shared = { owner: `Otto ${owner.last}`, guid: SHARED_GUID };
    const uuid = this.#random.uuid();
    addAlbum(this.#store, { title: 'Familie', uuid, kind: 1505, madeAt: this.#daysAgo(300), shared, assets: [mine] });
    const place = { directory: 'DCIM/105APPLE', fileName: `${this.#random.uuid()}.JPG` };
    this.photo({ savedType: 12, daysAgo: 19, shot: { place, isOffloaded: true } });
  }

  /** Folders in folders, an album that is empty, one by rules, and one in an order of its own. */
  albums(photos: readonly number[]): void {
    const add = (options: Partial<Parameters<typeof addAlbum>[1]> & { readonly title: string }): number =>
      addAlbum(this.#store, { uuid: this.#random.uuid(), madeAt: this.#daysAgo(100), ...options });
    const travels = add({ title: 'Reisen', kind: 4000 });
    const year = add({ title: '2026', kind: 4000, folder: travels });
    add({ title: 'Rom & Neapel 🇮🇹', folder: year, assets: photos.toReversed() });
    add({ title: 'Leer' });
    add({ title: 'Nach Regeln', kind: 1507 });
  }

  /** A file in DCIM that the library does not list: left by another program. */
  unknownFile(): void {
    makePhoto(this.#library, this.#random, this.#shot({ daysAgo: 18 }));
  }

  #add(made: Omit<Asset, 'uuid'>, { daysAgo: _daysAgo, shot: _shot, ...special }: Special): number {
    return addAsset(this.#store, this.#library, { ...made, uuid: this.#random.uuid(), ...special });
  }

  #shot({ daysAgo, shot }: Special): Shot {
    const number = this.#number++;
    // Noon and some minutes: the same day wherever it is looked at.
    const takenAt = new Date(
      Math.floor(this.#daysAgo(daysAgo).getTime() / DAY_MS) * DAY_MS + (720 + (number % 60)) * 60_000,
    );
    return { number, takenAt, uuid: this.#random.uuid(), isOffloaded: false, isEdited: false, ...shot };
  }

  #daysAgo(days: number): Date {
    return daysBefore(this.#library.now, days);
  }

  #write(path: string, bytes: Buffer, { takenAt }: CameraFacts): void {
    this.#library.disk.writeFile(PHOTOS_DOMAIN, `Media/${path}`, bytes, { modifiedAt: takenAt, bornAt: takenAt });
  }
}
