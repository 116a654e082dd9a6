import type { Row } from '../../database/index.ts';
import { FormatError, isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';
import { folded, mediaPath, stemOf, type CameraRoll } from './camera-roll.ts';
import { CloudIndex } from './cloud-index.ts';
import { AlbumIndex } from './photo-albums.ts';
import { captionsOf, keywordsOf, peopleOf, type Labels } from './photo-labels.ts';
import { photoRows } from './photo-query.ts';
import * as record from './photo-record.ts';
import { resourcesOf } from './photo-resources.ts';
import { photoSchemaOf } from './photo-schema.ts';
import type { Photo, PhotoAlbum } from './photo.ts';
import { firstOf } from '../source/row-values.ts';
import { dateIn, flagIn, numberIn, textIn, uuidIn } from './values.ts';

/** Fields of a photo with the columns that record them, any of which will do. */
const RECORDED_BY: readonly (readonly [keyof Photo, ...(readonly string[])])[] = [
  ['originalName', 'ZORIGINALFILENAME'],
  ['utcOffsetSeconds', 'ZTIMEZONEOFFSET'],
  ['timeZone', 'ZTIMEZONENAME'],
  ['addedAt', 'ZADDEDDATE'],
  ['position', 'ZLATITUDE', 'ZLOCATIONDATA'],
  ['address', 'ZREVERSELOCATIONDATA'],
  ['title', 'ZTITLE'],
  ['caption', 'ZLONGDESCRIPTION'],
  ['isFavorite', 'ZFAVORITE'],
  ['isHidden', 'ZHIDDEN'],
  ['isDeleted', 'ZTRASHEDSTATE'],
  ['isEdited', 'ZADJUSTMENTSSTATE', 'ZHASADJUSTMENTS'],
  ['camera', 'ZCAMERAMODEL', 'ZCAMERAMAKE'],
  ['burst', 'ZAVALANCHEUUID'],
];

/** Photos.sqlite: what the phone records of its photos. */
export class PhotoIndex implements Disposable {
  readonly #database: ContentDatabase;
  readonly #assets: string;
  readonly #albums: AlbumIndex | undefined;
  readonly #cloud: CloudIndex | undefined;
  readonly #keywords: Labels;
  readonly #people: Labels;
  readonly #captions: Labels;
  /** Paths of all originals, folded, and the same without their extensions. */
  readonly #paths = new Set<string>();
  readonly #stems = new Set<string>();
  #rowsByKey: ReadonlyMap<string, number> | undefined;
  readonly notAvailable: readonly string[];

  /**
   * Takes over the database.
   *
   * @throws {FormatError} when it has no table of photos, or is damaged.
   */
  constructor(database: ContentDatabase) {
    const schema = photoSchemaOf(database);
    if (schema.assets === undefined) throw new FormatError('it has no table of photos');
    this.#database = database;
    this.#assets = schema.assets;
    this.#albums = this.#intact(() => new AlbumIndex(database, schema));
    this.#cloud = this.#intact(() => new CloudIndex(database));
    this.#keywords = this.#intact(() => keywordsOf(database, schema));
    this.#people = this.#intact(() => peopleOf(database));
    this.#captions = this.#intact(() => captionsOf(database));
    this.#intact(() => this.#readPaths());
    this.notAvailable = this.#lacking();
  }

  get albums(): readonly PhotoAlbum[] {
    return this.#albums?.albums ?? [];
  }

  /** Whether a file is the original of a photo on record. */
  knows(path: string): boolean {
    return this.#paths.has(folded(path));
  }

  /** Whether a photo on record has the same name, but for the extension, as one of these files. */
  knowsSiblingOf(paths: readonly string[]): boolean {
    return paths.some((path) => this.#stems.has(unnumbered(stemOf(folded(path)))));
  }

  /** Set once a part of the index has been found damaged: a sentence without a full stop. */
  get damage(): string | undefined {
    return this.#damage ?? this.#database.damage;
  }

  #damage: string | undefined;
  #damages = 0;

  *photos(backup: Backup, roll: CameraRoll, isBrief = false): Generator<Photo, undefined> {
    let last: number | undefined;
    // Where another table is damaged, the rest of the photos are still there without what that says of them.
    for (const isAlone of [false, true]) {
      const damageBefore = this.#damages;
      const options = { isAlone, isBrief, ...(last !== undefined && { after: last }) };
      for (const row of this.#untilDamage(() => photoRows(this.#database, this.#assets, options))) {
        const key = numberIn(row, 'pk') ?? 0;
        // Two records of attributes for one photo are a phone's mistake, not two photos.
        if (key !== last) yield this.#photoOf(row, key, backup, roll);
        last = key;
      }
      if (this.#damages === damageBefore) return;
    }
  }

  /** Those of these keys, in the order they came into the library. */
  some(keys: readonly string[], backup: Backup, roll: CameraRoll): Photo[] {
    this.#rowsByKey ??= this.#readKeys();
    const only = keys.flatMap((key) => this.#rowsByKey?.get(key) ?? []);
    if (only.length === 0) return [];
    const found = new Map<number, Photo>();
    for (const isAlone of [false, true]) {
      const damageBefore = this.#damages;
      for (const row of this.#untilDamage(() => photoRows(this.#database, this.#assets, { only, isAlone }))) {
        const key = numberIn(row, 'pk') ?? 0;
        if (!found.has(key)) found.set(key, this.#photoOf(row, key, backup, roll));
      }
      if (this.#damages === damageBefore) break;
    }
    return [...found.values()];
  }

  #readKeys(): Map<string, number> {
    const name = this.#database.has(this.#assets, 'ZUUID') ? 'a.ZUUID' : 'NULL';
    const sql = `SELECT CAST(a.rowid AS REAL) AS pk, ${name} AS uuid FROM ${quoted(this.#assets)} a`;
    const keys = new Map<string, number>();
    for (const row of this.#untilDamage(() => this.#database.rows(sql))) {
      const pk = Number(row['pk']);
      keys.set(uuidIn(row, 'uuid') ?? `row:${pk}`, pk);
    }
    return keys;
  }

  *keysIn(album: PhotoAlbum): Generator<string, undefined> {
    const name = this.#database.has(this.#assets, 'ZUUID') ? 'a.ZUUID' : 'NULL';
    for (const asset of this.#untilDamage(() => this.#albums?.assetsIn(album) ?? [])) {
      const sql = `SELECT ${name} AS uuid FROM ${this.#assets} a WHERE a.rowid = ?`;
      const row = this.#intact(() => this.#database.get(sql, asset));
      if (row !== undefined) yield uuidIn(row, 'uuid') ?? `row:${asset}`;
    }
  }

  /** What comes before a damaged page. */
  *#untilDamage<T>(read: () => Iterable<T>): Generator<T, undefined> {
    try {
      yield* read();
    } catch (error) {
      this.#noteDamage(error);
    }
  }

  /** A part of the index that can be done without; undefined where it is damaged. */
  #intact<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#noteDamage(error);
      return undefined;
    }
  }

  #noteDamage(error: unknown): void {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    this.#damages++;
    this.#damage = 'the list of photos (Photos.sqlite) is damaged: some of it could not be read';
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #photoOf(row: Row, key: number, backup: Backup, roll: CameraRoll): Photo {
    let problem: string | undefined;
    const tell = (what: string) => () => (problem ??= what);
    const kind = record.kindIn(row);
    const path = record.pathIn(row);
    const traits = record.traitsIn(row);
    const resources =
      path === undefined
        ? []
        : resourcesOf(roll, {
            path,
            kind,
            isLive: traits.includes('live'),
            isPhotoOfItsOwn: (other) => this.knows(other),
            whereIs: (part) => this.#cloud?.whereIs(key, part),
            isInCloud: record.isInCloud(row),
            hasOriginalSize: (there) => hasSize(backup, roll, there, numberIn(row, 'sizeBytes')),
          });
    const live = resources.some(({ role, state }) => role === 'live-video' && state === 'in-backup');
    if (path === undefined) problem = 'no-file-name';
    return {
      key: uuidIn(row, 'uuid') ?? `row:${key}`,
      kind,
      traits: live && !traits.includes('live') ? [...traits, 'live'] : traits,
      origin: record.originIn(row),
      originalName: firstOf(textIn(row, 'originalName'), textIn(row, 'masterName')),
      fileName: textIn(row, 'fileName') ?? null,
      takenAt: dateIn(row, 'takenAt'),
      utcOffsetSeconds: record.offsetIn(row),
      timeZone: textIn(row, 'timeZone'),
      addedAt: dateIn(row, 'addedAt'),
      modifiedAt: dateIn(row, 'modifiedAt'),
      position: record.positionInRow(row, tell('bad-position')),
      address: record.addressInRow(row, tell('bad-address')),
      title: firstOf(textIn(row, 'title'), textIn(row, 'oldTitle')),
      caption: firstOf(textIn(row, 'caption'), this.#captions && (this.#captions.get(key)?.join('\n') ?? null)),
      keywords: this.#keywords && (this.#keywords.get(numberIn(row, 'attributes') ?? -1) ?? []),
      people: this.#people && (this.#people.get(key) ?? []),
      isFavorite: flagIn(row, 'isFavorite'),
      isHidden: flagIn(row, 'isHidden'),
      isDeleted: flagIn(row, 'isDeleted'),
      deletedAt: dateIn(row, 'deletedAt'),
      isEdited: record.isEditedIn(row) ?? (resources.some(({ role }) => role === 'edited') || undefined),
      widthPx: numberIn(row, 'widthPx'),
      heightPx: numberIn(row, 'heightPx'),
      durationSeconds: firstOf(numberIn(row, 'durationSeconds'), numberIn(row, 'oldDuration')),
      sizeBytes: numberIn(row, 'sizeBytes'),
      contentType: textIn(row, 'contentType'),
      camera: record.cameraIn(row),
      burst: record.burstIn(row),
      albums: this.#albums?.of(key, textIn(row, 'cloudCollection')) ?? [],
      state: resources[0]?.state ?? 'not-in-backup',
      resources,
      ...(problem !== undefined && { problem }),
    };
  }

  #readPaths(): void {
    const columns = ['ZDIRECTORY', 'ZFILENAME'] as const;
    const sql = `SELECT ${this.#database.select(this.#assets, 'a', columns)} FROM ${quoted(this.#assets)} a`;
    for (const row of this.#database.rows(sql, [], { bigints: true })) {
      const fileName = textIn(row, 'ZFILENAME');
      if (!fileName) continue;
      const path = folded(mediaPath(textIn(row, 'ZDIRECTORY') ?? '', fileName));
      this.#paths.add(path);
      this.#stems.add(stemOf(path));
    }
  }

  #lacking(): string[] {
    const tables = [this.#assets, 'ZADDITIONALASSETATTRIBUTES', 'ZEXTENDEDATTRIBUTES', 'ZASSETDESCRIPTION'];
    const lacking = RECORDED_BY.filter(
      ([, ...columns]) => !columns.some((column) => tables.some((table) => this.#database.has(table, column))),
    ).map(([field]) => field);
    if (this.#keywords === undefined) lacking.push('keywords');
    if (this.#people === undefined) lacking.push('people');
    return lacking;
  }
}

/** IMG_E0001 and UUID_3 belong to IMG_0001 and UUID. */
function unnumbered(stem: string): string {
  return stem.replace(/\/img_[eo](\d+)$/, '/img_$1').replace(/([0-9a-f]{8}-[0-9a-f-]{27})_[34]$/, '$1');
}

function hasSize(
  backup: Backup,
  roll: CameraRoll,
  path: string,
  sizeBytes: number | null | undefined,
): boolean | undefined {
  if (!sizeBytes) return undefined;
  try {
    const listed = backup.find(roll.domain, `Media/${path}`)?.outline().sizeBytes;
    return listed === undefined ? undefined : listed === sizeBytes;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
