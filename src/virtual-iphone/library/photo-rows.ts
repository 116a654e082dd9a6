import type { CoreDataStore } from './core-data.ts';
import { cocoaSeconds } from './apple-time.ts';
import type { Library } from './library.ts';
import { wallClock, type CameraFacts } from './media/exif.ts';

/** What Photos knows of one picture or film, and where its files are. */
export interface Asset {
  readonly uuid: string;
  /** "100APPLE" */
  readonly folder: string;
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
  /** Which pictures of one burst belong together. */
  readonly burstUuid?: string;
}

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
    ZDIRECTORY: `DCIM/${asset.folder}`,
    ZFILENAME: asset.fileName,
    ZUNIFORMTYPEIDENTIFIER: asset.uti,
    ZKIND: isFilm ? 1 : 0,
    ZKINDSUBTYPE: SUBTYPES[kind],
    ZPLAYBACKSTYLE: PLAYBACK_STYLES[kind],
    ZISDETECTEDSCREENSHOT: kind === 'screenshot',
    ZSAVEDASSETTYPE: 3,
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
    ZVISIBILITYSTATE: asset.burstUuid === undefined ? 0 : 2,
    ZAVALANCHEUUID: asset.burstUuid,
    ZAVALANCHEPICKTYPE: asset.burstUuid === undefined ? 0 : 2,
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
    ZORIGINALFILENAME: asset.fileName,
    ZORIGINALFILESIZE: asset.sizeBytes,
    ZORIGINALWIDTH: facts.widthPx,
    ZORIGINALHEIGHT: facts.heightPx,
    ZORIGINALORIENTATION: 1,
    ZTIMEZONEOFFSET: offsetSeconds,
    ZTIMEZONENAME: owner.timeZone,
    ZEXIFTIMESTAMPSTRING: kind === 'screenshot' ? null : wallClock(facts),
    ZCAMERACAPTUREDEVICE: kind === 'screenshot' ? 0 : 1,
    ZIMPORTEDBY: kind === 'screenshot' ? 7 : 1,
    ZIMPORTEDBYBUNDLEIDENTIFIER: kind === 'screenshot' ? 'com.apple.springboard' : 'com.apple.camera',
  });
  const extended = store.add('ExtendedAttributes', 'ZEXTENDEDATTRIBUTES', {
    ZASSET: key,
    ZDATECREATED: cocoaSeconds(facts.takenAt),
    ZTIMEZONEOFFSET: offsetSeconds,
    ZTIMEZONENAME: owner.timeZone,
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
  const original = asset.isOffloaded ? away : here;
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

/** An album the owner made; `kind` 2 in Photos' words. */
export function addAlbum(
  store: CoreDataStore,
  title: string,
  uuid: string,
  assets: readonly number[],
  madeAt: Date,
): void {
  const album = store.add('Album', 'ZGENERICALBUM', {
    ZTITLE: title,
    ZUUID: uuid,
    ZKIND: 2,
    ZCACHEDCOUNT: assets.length,
    ZCACHEDPHOTOSCOUNT: assets.length,
    ZKEYASSET: assets[0],
    ZCREATIONDATE: cocoaSeconds(madeAt),
    ZTRASHEDSTATE: 0,
  });
  const join = store.database.prepare('INSERT INTO Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS, Z_FOK_3ASSETS) VALUES (?, ?, ?)');
  assets.forEach((asset, i) => join.run(album, asset, (i + 1) * 1024));
}
