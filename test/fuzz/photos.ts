/** Indexes of photos and lists of recordings with damage in them: the backup is read, as far as it goes. */
import { openMemoryDatabase } from '../../src/database/index.ts';
import { encodeKeyedArchive, KeyedObject } from '../../src/formats/index.ts';
import { openPhotos, openVoiceMemos, photoItems } from '../../src/content/index.ts';
import { memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';

const HANG_MS = 10_000;
const INDEX = 'CameraRollDomain:Media/PhotoData/Photos.sqlite';
const LIST = 'AppDomainGroup-group.com.apple.VoiceMemos.shared:Recordings/CloudRecordings.db';
/** Every file that a photo below could have. */
const FILES = Object.fromEntries(
  ['IMG_1.HEIC', 'IMG_1.MOV', 'IMG_2.JPG', 'IMG_2.DNG', 'IMG_3.JPG'].map((name) => [
    `CameraRollDomain:Media/DCIM/100APPLE/${name}`,
    Buffer.from('x'),
  ]),
);

export async function run(count: number, seed: number): Promise<void> {
  const index = samplePhotos();
  const list = sampleMemos();
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    const startedMs = performance.now();
    try {
      if (random.onceIn(4)) await openVoiceMemos(memoryBackup({ [LIST]: mutate(random, list) }));
      else await readPhotos(mutate(random, index));
    } catch (cause) {
      throw new Error(`photos fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
    }
    if (performance.now() - startedMs > HANG_MS)
      throw new Error(`photos fuzz case ${seedOfRound(seed, i)} took too long`);
  }
}

async function readPhotos(index: Buffer): Promise<void> {
  using photos = await openPhotos(memoryBackup({ ...FILES, [INDEX]: index }));
  if (photos === undefined) return;
  photos.count();
  for (const _item of photoItems(photos));
  for (const _photo of photos.unlisted());
  for (const album of photos.albums) for (const _key of photos.keysIn(album));
}

function samplePhotos(): Buffer {
  using database = openMemoryDatabase();
  database.exec(`PRAGMA page_size = 512;
    CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR);
    INSERT INTO Z_PRIMARYKEY VALUES (3, 'Asset'), (30, 'Album');
    CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZKIND INTEGER,
      ZKINDSUBTYPE INTEGER, ZDATECREATED TIMESTAMP, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZADDITIONALATTRIBUTES INTEGER);
    CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZTITLE VARCHAR, ZREVERSELOCATIONDATA BLOB);
    CREATE TABLE ZGENERICALBUM (Z_PK INTEGER PRIMARY KEY, ZKIND INTEGER, ZTITLE VARCHAR, ZPARENTFOLDER INTEGER);
    CREATE TABLE Z_30ASSETS (Z_30ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER);
    CREATE TABLE ZINTERNALRESOURCE (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZDATASTORESUBTYPE INTEGER,
      ZLOCALAVAILABILITY INTEGER);
    INSERT INTO ZASSET SELECT i, 'U' || i, 'DCIM/100APPLE', 'IMG_' || i || '.HEIC', 0, 2, i * 1e7, i, i, i
      FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12) SELECT i FROM n);
    INSERT INTO ZADDITIONALASSETATTRIBUTES SELECT Z_PK, 'Titel', NULL FROM ZASSET;
    INSERT INTO ZGENERICALBUM VALUES (1, 4000, 'F', 2), (2, 4000, 'G', NULL), (3, 2, 'A', 1);
    INSERT INTO Z_30ASSETS SELECT 3, Z_PK, Z_PK FROM ZASSET;
    INSERT INTO ZINTERNALRESOURCE SELECT Z_PK, Z_PK, 1, -1 FROM ZASSET;`);
  const place = encodeKeyedArchive(new KeyedObject('PLRevGeoLocationInfo', { addressString: 'Seestraße 1' }));
  database.prepare('UPDATE ZADDITIONALASSETATTRIBUTES SET ZREVERSELOCATIONDATA = ? WHERE Z_PK = 2').run(place);
  return database.serialize();
}

function sampleMemos(): Buffer {
  using database = openMemoryDatabase();
  database.exec(`PRAGMA page_size = 512;
    CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZDATE TIMESTAMP, ZPATH VARCHAR, ZENCRYPTEDTITLE VARCHAR,
      ZUNIQUEID VARCHAR);
    INSERT INTO ZCLOUDRECORDING VALUES (1, 7e8, 'a.m4a', 'Titel', 'U1'), (2, 7e8, 'b.m4a', 'Titel', 'U2');`);
  return database.serialize();
}
