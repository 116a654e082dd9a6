import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { openPhotos, photoItems, type Photo, type PhotoInBrief, type Photos } from './index.ts';

const INDEX = 'CameraRollDomain:Media/PhotoData/Photos.sqlite';
const SCHEMAS = join(import.meta.dirname, '../../../../shared/data/schemas/schemas/photos');
/** As iOS 17 and 18 have it, without what is not read. */
const MODERN = `
  CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);
  INSERT INTO Z_PRIMARYKEY VALUES (1, 'AdditionalAssetAttributes', 0, 9), (3, 'Asset', 0, 9), (29, 'GenericAlbum', 0, 9), (30, 'Album', 29, 9);
  CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZKIND INTEGER,
    ZKINDSUBTYPE INTEGER, ZSAVEDASSETTYPE INTEGER, ZWIDTH INTEGER, ZHEIGHT INTEGER, ZDURATION FLOAT, ZDATECREATED TIMESTAMP,
    ZADDEDDATE TIMESTAMP, ZMODIFICATIONDATE TIMESTAMP, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZFAVORITE INTEGER, ZHIDDEN INTEGER,
    ZTRASHEDSTATE INTEGER, ZTRASHEDDATE TIMESTAMP, ZADJUSTMENTSSTATE INTEGER, ZAVALANCHEUUID VARCHAR,
    ZAVALANCHEPICKTYPE INTEGER, ZCLOUDLOCALSTATE INTEGER, ZADDITIONALATTRIBUTES INTEGER, ZEXTENDEDATTRIBUTES INTEGER);
  CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZORIGINALFILENAME VARCHAR,
    ZORIGINALFILESIZE INTEGER, ZTIMEZONEOFFSET INTEGER, ZTIMEZONENAME VARCHAR, ZTITLE VARCHAR, ZREVERSELOCATIONDATA BLOB,
    ZASSETDESCRIPTION INTEGER);
  CREATE TABLE ZASSETDESCRIPTION (Z_PK INTEGER PRIMARY KEY, ZASSETATTRIBUTES INTEGER, ZLONGDESCRIPTION VARCHAR);
  CREATE TABLE ZKEYWORD (Z_PK INTEGER PRIMARY KEY, ZTITLE VARCHAR);
  CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES INTEGER, Z_45KEYWORDS INTEGER);
  CREATE TABLE ZDETECTEDFACE (Z_PK INTEGER PRIMARY KEY, ZASSETFORFACE INTEGER, ZPERSONFORFACE INTEGER);
  CREATE TABLE ZPERSON (Z_PK INTEGER PRIMARY KEY, ZFULLNAME VARCHAR, ZDISPLAYNAME VARCHAR);
  CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR, ZUUID VARCHAR, ZPARENTFOLDER INTEGER,
    Z_FOK_PARENTFOLDER INTEGER, ZTRASHEDSTATE INTEGER);
  CREATE TABLE Z_29ASSETS (Z_29ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER);
  CREATE TABLE Z_30ASSETS (Z_30ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER);
  CREATE TABLE ZINTERNALRESOURCE (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZDATASTORESUBTYPE INTEGER,
    ZLOCALAVAILABILITY INTEGER, ZREMOTEAVAILABILITY INTEGER);
`;
const ONE = `
  INSERT INTO ZASSET (Z_PK, ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZKINDSUBTYPE, ZSAVEDASSETTYPE, ZADDITIONALATTRIBUTES)
    VALUES (7, 'UUID-7', 'DCIM/100APPLE', 'IMG_0007.HEIC', 0, 2, 3, 1);
  INSERT INTO ZADDITIONALASSETATTRIBUTES (Z_PK, ZASSET, ZORIGINALFILENAME, ZORIGINALFILESIZE) VALUES (1, 7, 'Sommer.HEIC', 4);
`;

const IN_BRIEF = [
  'key',
  'kind',
  'traits',
  'origin',
  'takenAt',
  'utcOffsetSeconds',
  'addedAt',
  'modifiedAt',
  'position',
  'isFavorite',
  'isHidden',
  'isDeleted',
  'widthPx',
  'heightPx',
  'durationSeconds',
  'burst',
  'state',
] as const satisfies readonly (keyof PhotoInBrief)[];

describe('the photos of a backup', () => {
  test('come with what the index records, by whatever numbers its tables have', async () => {
    using photos = await photosOf(
      `${MODERN}${ONE}
      UPDATE ZASSET SET ZDATECREATED = 700000000.5, ZWIDTH = 4032, ZHEIGHT = 3024, ZLATITUDE = 47.5, ZLONGITUDE = 9.25, ZFAVORITE = 1,
        ZTRASHEDSTATE = 1, ZTRASHEDDATE = 700000100, ZAVALANCHEUUID = 'B', ZAVALANCHEPICKTYPE = 2;
      UPDATE ZADDITIONALASSETATTRIBUTES SET ZTIMEZONEOFFSET = 7200, ZTIMEZONENAME = 'Europe/Berlin', ZTITLE = 'Am See';
      INSERT INTO ZASSETDESCRIPTION VALUES (5, 1, 'Mit Oma 🌊'); UPDATE ZADDITIONALASSETATTRIBUTES SET ZASSETDESCRIPTION = 5;
      INSERT INTO ZKEYWORD VALUES (1, 'Urlaub'), (2, 'Wasser'); INSERT INTO Z_1KEYWORDS VALUES (1, 1), (1, 2);
      INSERT INTO ZPERSON VALUES (1, 'Erika Beispiel', ''), (2, '', 'Opa'), (3, NULL, NULL);
      INSERT INTO ZDETECTEDFACE VALUES (1, 7, 1), (2, 7, 2), (3, 7, 3), (4, 7, 1);
      INSERT INTO ZGENERICALBUM VALUES (1, 3999, NULL, 'root', NULL, 0, 0), (2, 4000, 'Reisen', 'F', 1, 2, 0),
        (3, 2, 'Bodensee', 'A', 2, 1, 0), (4, 2, 'Zuerst', 'Z', 1, 1, 0);
      INSERT INTO Z_30ASSETS VALUES (3, 7, 1024); INSERT INTO Z_29ASSETS VALUES (4, 7, 1);`,
    );
    const [photo, ...none] = photos.all();
    assert.ok(photo !== undefined && none.length === 0);
    const [brief] = photos.allInBrief();
    for (const field of IN_BRIEF) assert.deepEqual(brief?.[field], photo[field], field);
    const { albums, resources, ...facts } = photo;
    assert.deepEqual(
      { ...facts, takenAt: facts.takenAt?.toISOString(), deletedAt: facts.deletedAt?.toISOString() },
      {
        key: 'UUID-7',
        kind: 'photo',
        traits: ['live', 'burst'],
        origin: 'library',
        originalName: 'Sommer.HEIC',
        fileName: 'IMG_0007.HEIC',
        takenAt: '2023-03-08T20:26:40.500Z',
        utcOffsetSeconds: 7200,
        timeZone: 'Europe/Berlin',
        addedAt: null,
        modifiedAt: null,
        position: { latitude: 47.5, longitude: 9.25 },
        address: null,
        title: 'Am See',
        caption: 'Mit Oma 🌊',
        keywords: ['Urlaub', 'Wasser'],
        people: ['Erika Beispiel', 'Opa'],
        isFavorite: true,
        isHidden: false,
        isDeleted: true,
        deletedAt: '2023-03-08T20:28:20.000Z',
        isEdited: false,
        widthPx: 4032,
        heightPx: 3024,
        durationSeconds: null,
        sizeBytes: 4,
        contentType: undefined,
        camera: undefined,
        burst: { id: 'B', isPick: false },
        state: 'not-in-backup',
      },
    );
    assert.deepEqual(
      albums.map(({ title, folders }) => [title, folders]),
      [['Bodensee', ['Reisen']]],
    );
    assert.deepEqual(
      photos.albums.map(({ title, count }) => [title, count]),
      [
        ['Zuerst', 0],
        ['Reisen', 0],
        ['Bodensee', 1],
      ],
    );
    const bodensee = photos.albums.find(({ title }) => title === 'Bodensee');
    assert.deepEqual(bodensee && [...photos.keysIn(bodensee)], ['UUID-7']);
    assert.deepEqual(rolesOf({ resources }), ['original not-in-backup', 'live-video not-in-backup']);
    assert.deepEqual(photos.notAvailable, ['camera']);
    const [item] = photoItems(photos);
    assert.equal(item?.title, 'Am See');
    assert.match(item.text, /Sommer\.HEIC[\s\S]*Mit Oma[\s\S]*Urlaub[\s\S]*Opa[\s\S]*Bodensee/);
  });

  test('find their files: the film of a Live Photo, edits, raw files, thumbnails', async () => {
    using photos = await photosOf(`${MODERN}${ONE}`, [
      'DCIM/100APPLE/IMG_0007.HEIC',
      'DCIM/100APPLE/IMG_0007.MOV',
      'DCIM/100APPLE/IMG_0007.DNG',
      'DCIM/100APPLE/IMG_0007.AAE',
      'DCIM/100APPLE/IMG_E0007.JPG',
      'PhotoData/Mutations/DCIM/100APPLE/IMG_0007/Adjustments/FullSizeRender.heic',
      'PhotoData/Mutations/DCIM/100APPLE/IMG_0007/Adjustments/FullSizeRender.mov',
      'PhotoData/Mutations/DCIM/100APPLE/IMG_0007/Adjustments/SubstandardFullSizeRender.jpg',
      'PhotoData/Mutations/DCIM/100APPLE/IMG_0007/Adjustments/Adjustments.plist',
      'PhotoData/Thumbnails/V2/DCIM/100APPLE/IMG_0007.HEIC/5003.JPG',
      'PhotoData/Thumbnails/V2/DCIM/100APPLE/IMG_0007.HEIC/5005.JPG',
    ]);
    const [photo] = photos.all();
    assert.ok(photo !== undefined);
    assert.deepEqual(rolesOf(photo), [
      'original in-backup',
      'live-video in-backup',
      'raw in-backup',
      'edit-recipe in-backup',
      'edited in-backup',
      'edited in-backup',
      'edited-live-video in-backup',
      'edit-recipe in-backup',
    ]);
    assert.match(photos.thumbnailOf(photo)?.relativePath ?? '', /IMG_0007\.HEIC\/5005\.JPG$/);
    assert.deepEqual([...photos.unlisted()], []);
  });

  test('say what only iCloud has, and what is only a smaller copy', async () => {
    const away = `${MODERN}${ONE} INSERT INTO ZINTERNALRESOURCE VALUES (1, 7, 1, -1, 1), (2, 7, 18, -1, 1), (3, 7, 3, 1, 1);`;
    using without = await photosOf(away);
    assert.deepEqual(rolesOf([...without.all()][0]), ['original not-downloaded', 'live-video not-downloaded']);
    using small = await photosOf(away.replace("'Sommer.HEIC', 4", "'Sommer.HEIC', 4000000"), [
      'DCIM/100APPLE/IMG_0007.HEIC',
    ]);
    assert.equal([...small.all()][0]?.state, 'smaller-copy');
    // The file has the size of the original, so it is the original, whatever the index says.
    using whole = await photosOf(away, ['DCIM/100APPLE/IMG_0007.HEIC']);
    assert.equal([...whole.all()][0]?.state, 'in-backup');
    const { own, notDownloaded, inBackup } = without.count();
    assert.deepEqual([own, notDownloaded, inBackup], [1, 1, 0]);
  });

  test('tell shared albums and what was shared with the owner from the owner’s own', async () => {
    using photos = await photosOf(`${MODERN}
      INSERT INTO ZASSET (Z_PK, ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZSAVEDASSETTYPE) VALUES
        (1, 'A', 'PhotoData/PhotoCloudSharingData/1/2/100CLOUD', 'IMG_0001.JPG', 0, 4), (2, 'B', 'DCIM/100APPLE', 'IMG_2.JPG', 0, 12),
        (3, 'C', 'PhotoStreamsData/1/100APPLE', 'IMG_3.JPG', 0, 2), (4, 'D', 'PhotoData/Sync/100SYNCD', 'IMG_4.JPG', 0, 0);`);
    assert.deepEqual(
      Array.from(photos.all(), ({ origin }) => origin),
      ['shared-album', 'shared-with-you', 'photo-stream', 'synced'],
    );
    assert.deepEqual([photos.count().inSharedAlbums, photos.count().sharedWithYou, photos.count().own], [1, 1, 2]);
  });

  test('are in the shared albums that iOS 26 keeps beside the others', async () => {
    const name = archive('NSPersonNameComponents', {
      'NS.nameComponentsPrivate': new KeyedObject('_NSPersonNameComponentsData', {
        'NS.givenName': 'Erika',
        'NS.familyName': 'Beispiel',
      }),
    });
    using photos = await photosOf(`${MODERN}${ONE}
      ALTER TABLE ZASSET ADD COLUMN ZCOLLECTIONSHARE INTEGER;
      CREATE TABLE ZSHARE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZSCOPETYPE INTEGER, ZTITLE VARCHAR, ZUUID VARCHAR,
        ZCREATIONDATE TIMESTAMP, ZTRASHEDSTATE INTEGER);
      CREATE TABLE ZSHAREPARTICIPANT (Z_PK INTEGER PRIMARY KEY, ZSHARE INTEGER, ZROLE INTEGER, ZEMAILADDRESS VARCHAR, ZNAMECOMPONENTS BLOB);
      INSERT INTO ZSHARE VALUES (1, 70, 4, 'Geteilte Mediathek', 'L', 1, 0), (2, 71, 0, 'Familie', 'S', 700000000, 0),
        (3, 71, 0, 'Leer', NULL, NULL, 1), (4, 72, 2, 'Link', 'M', 1, 0);
      INSERT INTO ZSHAREPARTICIPANT VALUES (1, 2, 2, 'gast@example.org', NULL), (2, 2, 1, 'erika@example.org', ${blob(name)}),
        (3, 3, 1, 'otto@example.org', x'00');
      INSERT INTO ZASSET (Z_PK, ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZSAVEDASSETTYPE, ZCOLLECTIONSHARE) VALUES
        (8, 'B', 'PhotoData/CPLAssets/group1', 'B.JPG', 0, 6, 2), (9, 'C', 'PhotoData/CPLAssets/group1', 'C.JPG', 0, 6, 2);`);
    assert.deepEqual(
      photos.albums.map(({ id, kind, title, owner, count, isDeleted, createdAt }) => [
        [id, kind, title, owner, count, isDeleted],
        createdAt,
      ]),
      [
        [['S', 'shared', 'Familie', 'Erika Beispiel', 2, false], new Date('2023-03-08T20:26:40Z')],
        [['share 3', 'shared', 'Leer', 'otto@example.org', 0, true], null],
      ],
    );
    const [family] = photos.albums;
    assert.ok(family !== undefined);
    assert.deepEqual([...photos.keysIn(family)], ['B', 'C']);
    assert.deepEqual(
      Array.from(photos.all(), ({ key, origin, albums }) => [key, origin, albums.map(({ title }) => title)]),
      [
        ['UUID-7', 'library', []],
        ['B', 'shared-album', ['Familie']],
        ['C', 'shared-album', ['Familie']],
      ],
    );
    assert.equal(photos.count().inSharedAlbums, 2);
  });

  test('take an address and, of old releases, a position out of archives, and survive bad ones', async () => {
    const address = archive('PLRevGeoLocationInfo', { addressString: 'Seestraße 1, 78462 Konstanz' });
    using photos = await photosOf(
      `${MODERN}${ONE} UPDATE ZADDITIONALASSETATTRIBUTES SET ZREVERSELOCATIONDATA = ${blob(address)}`,
    );
    assert.equal([...photos.all()][0]?.address, 'Seestraße 1, 78462 Konstanz');
    using bad = await photosOf(
      `${MODERN}${ONE} UPDATE ZADDITIONALASSETATTRIBUTES SET ZREVERSELOCATIONDATA = x'00112233'`,
    );
    const [photo] = bad.all();
    assert.deepEqual([photo?.address, photo?.problem, photo?.originalName], [null, 'bad-address', 'Sommer.HEIC']);
  });

  test('are their files where there is no index, or none that can be read', async () => {
    const files = [
      'DCIM/100APPLE/IMG_0001.HEIC',
      'DCIM/100APPLE/IMG_0001.MOV',
      'DCIM/100APPLE/IMG_0002.MOV',
      'DCIM/100APPLE/IMG_0003.JPG',
      'DCIM/100APPLE/IMG_E0003.JPG',
      'DCIM/100APPLE/IMG_0004.AAE',
      'DCIM/.MISC/Incoming/x.jpg',
    ];
    const found = [
      ['file:DCIM/100APPLE/IMG_0001.HEIC', 'photo', 'original in-backup', 'live-video in-backup'],
      ['file:DCIM/100APPLE/IMG_0002.MOV', 'video', 'original in-backup'],
      ['file:DCIM/100APPLE/IMG_0003.JPG', 'photo', 'original in-backup', 'edited in-backup'],
    ];
    for (const index of [undefined, Buffer.from('no database'), databaseBytes('CREATE TABLE ZOTHER (x)')]) {
      using photos = await open(index, files);
      assert.deepEqual(
        Array.from(photos.all(), (photo) => [photo.key, photo.kind, ...rolesOf(photo)]),
        found,
      );
      assert.match(photos.indexProblem ?? '', /Photos\.sqlite/);
    }
    assert.equal(await openPhotos(memoryBackup({ 'HomeDomain:x': Buffer.alloc(1) })), undefined);
  });

  test('that the index does not know are found beside those it does', async () => {
    using photos = await photosOf(`${MODERN}${ONE}`, ['DCIM/100APPLE/IMG_0007.HEIC', 'DCIM/100APPLE/IMG_0008.JPG']);
    assert.deepEqual(
      Array.from(photos.unlisted(), ({ key }) => key),
      ['file:DCIM/100APPLE/IMG_0008.JPG'],
    );
  });

  test('survive records that hold nothing, or the wrong things', async () => {
    using photos = await photosOf(`${MODERN}
      INSERT INTO ZASSET (Z_PK) VALUES (1);
      INSERT INTO ZASSET (Z_PK, ZUUID, ZFILENAME, ZDIRECTORY, ZKIND, ZDATECREATED, ZLATITUDE, ZLONGITUDE, ZWIDTH) VALUES
        (9007199254740993, x'00', x'FF', 12, 'x', 'yesterday', 1e300, -180, 9223372036854775807);
      INSERT INTO ZGENERICALBUM VALUES (1, 4000, 'a', 'a', 2, 0, 0), (2, 4000, 'b', 'b', 1, 0, 0), (3, 2, 'c', 'c', 3, 0, 0);`);
    const all = [...photos.all()];
    assert.equal(all.length, 2);
    assert.equal(all[0]?.problem, 'no-file-name');
    assert.deepEqual([all[1]?.takenAt, all[1]?.position], [null, null]);
    assert.equal(photos.albums.length, 3);
  });
});

describe('the photo libraries of old releases', { skip: existsSync(SCHEMAS) ? false : 'needs ../shared/data' }, () => {
  test('iOS 6: UUIDs in 16 bytes, hardly a date, albums by other numbers', async () => {
    using photos = await photosOf(
      `${ddl('6.1.6')}
      INSERT INTO ZGENERICASSET (Z_PK, ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZDATECREATED, ZADDITIONALATTRIBUTES, ZLOCATIONDATA) VALUES
        (1, x'00112233445566778899AABBCCDDEEFF', 'DCIM/100APPLE', 'IMG_0001.JPG', 0, 370000000, 1, ${blob(location(48, 11))});
      INSERT INTO ZADDITIONALASSETATTRIBUTES (Z_PK, ZASSET, ZORIGINALFILENAME) VALUES (1, 1, 'IMG_0001.JPG');
      INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE) VALUES (5, 2, 'Alt');
      INSERT INTO Z_8ASSETS VALUES (5, 1, 1);`,
      ['DCIM/100APPLE/IMG_0001.JPG'],
    );
    const [photo] = photos.all();
    assert.equal(photo?.key, '00112233-4455-6677-8899-AABBCCDDEEFF');
    assert.deepEqual(photo.position, { latitude: 48, longitude: 11 });
    assert.deepEqual([photo.albums[0]?.title, photo.isFavorite, photo.state], ['Alt', undefined, 'in-backup']);
    for (const field of ['isFavorite', 'isHidden', 'timeZone', 'burst']) assert.ok(photos.notAvailable.includes(field));
  });

  for (const [version, albums, resource] of [
    ['9.3.5', 'Z_15ASSETS', 'ZCLOUDRESOURCE'],
    ['10.3.3', 'Z_20ASSETS', 'ZCLOUDRESOURCE'],
    ['11.2', 'Z_20ASSETS', 'ZCLOUDRESOURCE'],
  ] as const) {
    test(`iOS ${version}`, async () => {
      using photos = await photosOf(`${ddl(version)}
        INSERT INTO ZGENERICASSET (Z_PK, ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZFAVORITE, ZHASADJUSTMENTS, ZADDITIONALATTRIBUTES, ZLOCATIONDATA)
          VALUES (1, 'U', 'DCIM/100APPLE', 'IMG_0001.JPG', 0, 1, 1, 1, ${blob(location(-33.5, 151.25))});
        INSERT INTO ZADDITIONALASSETATTRIBUTES (Z_PK, ZASSET, ZORIGINALFILENAME, ZASSETDESCRIPTION) VALUES (1, 1, 'Orig.JPG', 1);
        INSERT INTO ZASSETDESCRIPTION (Z_PK, ZASSETATTRIBUTES, ZLONGDESCRIPTION) VALUES (1, 1, 'Worte');
        INSERT INTO ZKEYWORD (Z_PK, ZTITLE) VALUES (1, 'Wort'); INSERT INTO Z_1KEYWORDS VALUES (1, 1);
        INSERT INTO ZGENERICALBUM (Z_PK, ZKIND, ZTITLE) VALUES (5, 2, 'Alt'); INSERT INTO ${albums} VALUES (5, 1, 1);
        INSERT INTO ${resource} (Z_PK, ZASSET, ZTYPE, ZISLOCALLYAVAILABLE, ZISAVAILABLE) VALUES (1, 1, 1, 0, 1);`);
      const [photo] = photos.all();
      assert.equal(photo?.state, 'not-downloaded');
      assert.deepEqual(photo.position, { latitude: -33.5, longitude: 151.25 });
      assert.deepEqual([photo.caption, photo.keywords, photo.isEdited], ['Worte', ['Wort'], true]);
      assert.deepEqual([photo.albums[0]?.title, photo.isFavorite], ['Alt', true]);
    });
  }
});

async function photosOf(sql: string, files: readonly string[] = []): Promise<Photos> {
  return open(databaseBytes(sql), files);
}

async function open(index: Uint8Array | undefined, files: readonly string[]): Promise<Photos> {
  const contents = Object.fromEntries(files.map((path) => [`CameraRollDomain:Media/${path}`, Buffer.from('data')]));
  const photos = await openPhotos(memoryBackup({ ...contents, ...(index && { [INDEX]: index }) }));
  assert.ok(photos !== undefined);
  return photos;
}

const rolesOf = (photo: Pick<Photo, 'resources'> | undefined): string[] =>
  (photo?.resources ?? []).map(({ role, state }) => `${role} ${state}`);

const blob = (bytes: Uint8Array): string => `x'${Buffer.from(bytes).toString('hex')}'`;

function archive(className: string, fields: Record<string, unknown>): Buffer {
  return encodeKeyedArchive(new KeyedObject(className, fields));
}

function location(latitude: number, longitude: number): Buffer {
  const prefix = 'kCLLocationCodingKey';
  return archive('CLLocation', {
    [`${prefix}CoordinateLatitude`]: latitude + 0,
    [`${prefix}CoordinateLongitude`]: longitude + 0,
  });
}

/** The tables of a real device; its triggers need functions that only Core Data has. */
function ddl(version: string): string {
  const statements = readFileSync(join(SCHEMAS, `photos_${version}.sql`), 'utf8').split(/;\s*\n/);
  return statements.filter((each) => /^\s*CREATE TABLE Z/.test(each)).join(';\n') + ';';
}
