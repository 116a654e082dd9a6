import { encodeKeyedArchive, KeyedObject } from '../../../formats/index.ts';
import type { CoreDataStore } from '../core-data.ts';
import { cocoaSeconds } from '../apple-time.ts';
import type { Library } from '../library.ts';
import { wallClock, type CameraFacts } from '../media/exif.ts';

/** What Photos knows of one picture or film, and where its files are. */
export interface Asset {
  readonly uuid: string;
  /** Below `Media/`: "DCIM/100APPLE". */
  readonly directory: string;
  /** "IMG_0001.HEIC" */
  readonly fileName: string;
  readonly facts: CameraFacts;
  readonly kind: 'photo' | 'live' | 'screenshot' | 'video';
  readonly uti: string;
  readonly sizeBytes: number;
  readonly durationSeconds?: number;
  /** The original is only in iCloud: no file on the phone. */
  readonly isOffloaded?: boolean;
  readonly isFavorite?: boolean;
  readonly isHidden?: boolean;
  readonly isEdited?: boolean;
  readonly trashedAt?: Date;
  /** Which pictures of one burst belong together, and how this one was picked. */
  readonly burst?: { readonly uuid: string; readonly pick: number };
  /** Where it is not what `kind` says: panorama, slow motion… */
  readonly subtype?: number;
  /** Whose it is, in Photos' numbers; default 3, the owner's own. */
  readonly savedType?: number;
  /** As it was called elsewhere; default the name of the file. */
  readonly originalName?: string;
  /** "America/New_York"; default the owner's. */
  readonly timeZone?: string;
  readonly hasDepth?: boolean;
  readonly words?: PhotoWords;
  /** The phone keeps a smaller copy; the original has this many bytes and is in iCloud. */
  readonly originalSizeBytes?: number;
  /** The shared album it belongs to. */
  readonly cloudCollection?: string;
}

/** What people and the phone wrote about a picture. */
export interface PhotoWords {
  readonly title?: string;
  readonly caption?: string;
  readonly keywords?: readonly string[];
  /** Names of who is in it; somebody without a name as ''. */
  readonly people?: readonly string[];
  readonly address?: string;
}

/** Of a burst, one that nobody picked. */
const NOT_PICKED = 2;
const SUBTYPES = { photo: 0, live: 2, screenshot: 10, video: 100 } as const;
const PLAYBACK_STYLES = { photo: 1, live: 3, screenshot: 1, video: 4 } as const;

/** Adds an asset with everything that hangs on it; returns its key. */
export function addAsset(store: CoreDataStore, library: Library, asset: Asset): number {
  const { facts, kind } = asset;
  const { location } = facts;
  const taken = cocoaSeconds(facts.takenAt);
  const isFilm = kind === 'video';
  const key = store.add('Asset', 'ZASSET', {
    ZUUID: asset.uuid,
    ZDIRECTORY: asset.directory,
    ZFILENAME: asset.fileName,
    ZUNIFORMTYPEIDENTIFIER: asset.uti,
    ZKIND: isFilm ? 1 : 0,
    ZKINDSUBTYPE: asset.subtype ?? SUBTYPES[kind],
    ZPLAYBACKSTYLE: PLAYBACK_STYLES[kind],
    ZISDETECTEDSCREENSHOT: kind === 'screenshot',
    ZSAVEDASSETTYPE: asset.savedType ?? 3,
    ZDEPTHTYPE: asset.hasDepth ?? false,
    ZCLOUDCOLLECTIONGUID: asset.cloudCollection,
    ZCOMPLETE: 1,
    ZWIDTH: facts.widthPx,
    ZHEIGHT: facts.heightPx,
    ZORIENTATION: 1,
    ZDURATION: asset.durationSeconds ?? 0,
    ZDATECREATED: taken,
    ZADDEDDATE: taken + 1.5,
    ZSORTTOKEN: taken,
    ZMODIFICATIONDATE: taken + 2,
    ZLATITUDE: location?.latitude ?? -180,
    ZLONGITUDE: location?.longitude ?? -180,
    ZFAVORITE: asset.isFavorite ?? false,
    ZHIDDEN: asset.isHidden ?? false,
    ZADJUSTMENTSSTATE: asset.isEdited ? 2 : 0,
    ZTRASHEDSTATE: asset.trashedAt ? 1 : 0,
    ZTRASHEDDATE: asset.trashedAt && cocoaSeconds(asset.trashedAt),
    ZVISIBILITYSTATE: asset.burst?.pick === NOT_PICKED ? 2 : 0,
    ZAVALANCHEUUID: asset.burst?.uuid,
    ZAVALANCHEPICKTYPE: asset.burst?.pick ?? 0,
    ZMEDIAGROUPUUID: facts.contentIdentifier,
    ZORIGINALCOLORSPACE: 'Display P3',
    ZCLOUDLOCALSTATE: asset.isOffloaded ? 1 : 0,
    ZCLOUDASSETGUID: asset.isOffloaded ? asset.uuid : null,
  });
  addDetails(store, library, asset, key);
  addResources(store, asset, key);
  return key;
}

function addDetails(store: CoreDataStore, { owner }: Library, asset: Asset, key: number): void {
  const { facts, kind } = asset;
  const offsetSeconds = facts.utcOffsetMinutes * 60;
  const attributes = store.add('AdditionalAssetAttributes', 'ZADDITIONALASSETATTRIBUTES', {
    ZASSET: key,
    ZORIGINALFILENAME: asset.originalName ?? asset.fileName,
    ZORIGINALFILESIZE: asset.originalSizeBytes ?? asset.sizeBytes,
    ZORIGINALWIDTH: facts.widthPx,
    ZORIGINALHEIGHT: facts.heightPx,
    ZORIGINALORIENTATION: 1,
    ZTIMEZONEOFFSET: offsetSeconds,
    ZTIMEZONENAME: asset.timeZone ?? owner.timeZone,
    ZEXIFTIMESTAMPSTRING: kind === 'screenshot' ? null : wallClock(facts),
    ZCAMERACAPTUREDEVICE: kind === 'screenshot' ? 0 : 1,
    ZIMPORTEDBY: kind === 'screenshot' ? 7 : 1,
    ZIMPORTEDBYBUNDLEIDENTIFIER: kind === 'screenshot' ? 'com.apple.springboard' : 'com.apple.camera',
  });
  const extended = store.add('ExtendedAttributes', 'ZEXTENDEDATTRIBUTES', {
    ZASSET: key,
    ZDATECREATED: cocoaSeconds(facts.takenAt),
    ZTIMEZONEOFFSET: offsetSeconds,
    ZTIMEZONENAME: asset.timeZone ?? owner.timeZone,
    ZLATITUDE: facts.location?.latitude,
    ZLONGITUDE: facts.location?.longitude,
    ZDURATION: asset.durationSeconds,
    ...(kind !== 'screenshot' && {
      ZCAMERAMAKE: 'Apple',
      ZCAMERAMODEL: facts.model,
      ZLENSMODEL: `${facts.model} back dual wide camera 5.1mm f/1.6`,
      ZAPERTURE: 1.6,
      ZFOCALLENGTH: 5.1,
      ZFOCALLENGTHIN35MM: 26,
      ZISO: facts.iso ?? 64,
      ZSHUTTERSPEED: 1 / 121,
    }),
  });
  store.database
    .prepare('UPDATE ZASSET SET ZADDITIONALATTRIBUTES = ?, ZEXTENDEDATTRIBUTES = ? WHERE Z_PK = ?')
    .run(attributes, extended, key);
  if (asset.words !== undefined) addWords(store, asset.words, key, attributes);
  if (!asset.isEdited) return;
  store.add('UnmanagedAdjustment', 'ZUNMANAGEDADJUSTMENT', {
    ZASSETATTRIBUTES: attributes,
    ZADJUSTMENTTIMESTAMP: cocoaSeconds(facts.takenAt) + 3600,
    ZADJUSTMENTFORMATIDENTIFIER: 'com.apple.photo',
    ZADJUSTMENTFORMATVERSION: '1.10',
    ZEDITORLOCALIZEDNAME: 'Photos',
    ZUUID: asset.uuid,
  });
}

function addWords(store: CoreDataStore, words: PhotoWords, asset: number, attributes: number): void {
  const { database } = store;
  if (words.title !== undefined) {
    database.prepare('UPDATE ZADDITIONALASSETATTRIBUTES SET ZTITLE = ? WHERE Z_PK = ?').run(words.title, attributes);
  }
  if (words.caption !== undefined) {
    const values = { ZASSETATTRIBUTES: attributes, ZLONGDESCRIPTION: words.caption };
    const description = store.add('AssetDescription', 'ZASSETDESCRIPTION', values);
    const update = 'UPDATE ZADDITIONALASSETATTRIBUTES SET ZASSETDESCRIPTION = ? WHERE Z_PK = ?';
    database.prepare(update).run(description, attributes);
  }
  if (words.address !== undefined) {
    const place = encodeKeyedArchive(new KeyedObject('PLRevGeoLocationInfo', { addressString: words.address }));
    const update = 'UPDATE ZADDITIONALASSETATTRIBUTES SET ZREVERSELOCATIONDATA = ? WHERE Z_PK = ?';
    database.prepare(update).run(place, attributes);
  }
  for (const word of words.keywords ?? []) {
    const keyword = store.add('Keyword', 'ZKEYWORD', { ZTITLE: word });
    database.prepare('INSERT INTO Z_1KEYWORDS VALUES (?, ?)').run(attributes, keyword);
  }
  for (const name of words.people ?? []) {
    const person = store.add('Person', 'ZPERSON', { ZFULLNAME: name, ZDISPLAYNAME: name.split(' ')[0] ?? '' });
    store.add('DetectedFace', 'ZDETECTEDFACE', { ZASSETFORFACE: asset, ZPERSONFORFACE: person });
  }
}

/** One row for each file an asset has or could have: the original, a Live Photo's film, the small rendering. */
function addResources(store: CoreDataStore, asset: Asset, key: number): void {
  const here = { ZLOCALAVAILABILITY: 1, ZREMOTEAVAILABILITY: 0 };
  const away = { ZLOCALAVAILABILITY: -1, ZREMOTEAVAILABILITY: 1 };
  const common = {
    ZASSET: key,
    ZDATASTORECLASSID: 0,
    ZVERSION: 0,
    ZUNORIENTEDWIDTH: asset.facts.widthPx,
    ZUNORIENTEDHEIGHT: asset.facts.heightPx,
    ZTRASHEDSTATE: asset.trashedAt ? 1 : 0,
    ZCLOUDLOCALSTATE: asset.isOffloaded ? 3 : 0,
  };
  const original = asset.isOffloaded || asset.originalSizeBytes !== undefined ? away : here;
  const add = (values: Record<string, number | string>): void => {
    store.add('InternalResource', 'ZINTERNALRESOURCE', { ...common, ...values });
  };
  const type = asset.kind === 'video' ? 1 : 0;
  add({ ...original, ZRESOURCETYPE: type, ZDATASTORESUBTYPE: 1, ZDATALENGTH: asset.sizeBytes, ZCOMPACTUTI: asset.uti });
  if (asset.kind === 'live') {
    add({ ...original, ZRESOURCETYPE: 3, ZDATASTORESUBTYPE: 18, ZCOMPACTUTI: 'com.apple.quicktime-movie' });
  }
  add({ ...here, ZRESOURCETYPE: 0, ZDATASTORESUBTYPE: 0, ZRECIPEID: 65_741, ZCOMPACTUTI: 'public.jpeg' });
}

export interface AlbumOptions {
  readonly title: string;
  readonly uuid: string;
  /** In Photos' words: 2 an album, 4000 a folder of albums, 1505 a shared one, 1507 one that Photos fills by rules. */
  readonly kind?: 1505 | 1507 | 2 | 4000;
  readonly assets?: readonly number[];
  readonly madeAt: Date;
  readonly folder?: number;
  /** Who shares it, and its name on Apple's servers. */
  readonly shared?: { readonly owner: string; readonly guid: string };
}

const ALBUM_ENTITIES = { 2: 'Album', 1505: 'CloudSharedAlbum', 1507: 'FetchingAlbum', 4000: 'Folder' } as const;

/** Adds an album and what is in it; returns its key. */
export function addAlbum(store: CoreDataStore, options: AlbumOptions): number {
  const { kind = 2, assets = [], shared } = options;
  const album = store.add(ALBUM_ENTITIES[kind], 'ZGENERICALBUM', {
    ZTITLE: options.title,
    ZUUID: options.uuid,
    ZKIND: kind,
    ZCACHEDCOUNT: assets.length,
    ZCACHEDPHOTOSCOUNT: assets.length,
    ZKEYASSET: assets[0],
    ZCREATIONDATE: cocoaSeconds(options.madeAt),
    ZTRASHEDSTATE: 0,
    ZPARENTFOLDER: options.folder,
    ZCLOUDGUID: shared?.guid,
    ZCLOUDOWNERFULLNAME: shared?.owner,
  });
  const join = store.database.prepare('INSERT INTO Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS, Z_FOK_3ASSETS) VALUES (?, ?, ?)');
  assets.forEach((asset, i) => join.run(album, asset, (i + 1) * 1024));
  return album;
}
