import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../src/database/index.ts';
import { encodeBinaryPlist, encodeXmlPlist } from '../../src/formats/index.ts';
import { createManifestDatabase, encodeMbFile, fileIdOf } from '../../src/snapshot/index.ts';
import { startVirtualIphone } from '../../src/virtual-iphone/index.ts';

const UDID = '00008110-00BE7C4000BE7C41';
const DOMAIN = 'CameraRollDomain';
const INDEX = 'Media/PhotoData/Photos.sqlite';
/** Tables of which each photo has rows, and the columns by which these name each other. */
const TABLES = {
  ZASSET: ['Z_PK', 'ZADDITIONALATTRIBUTES', 'ZEXTENDEDATTRIBUTES'],
  ZADDITIONALASSETATTRIBUTES: ['Z_PK', 'ZASSET'],
  ZEXTENDEDATTRIBUTES: ['Z_PK', 'ZASSET'],
  ZINTERNALRESOURCE: ['Z_PK', 'ZASSET'],
} as const;
/** More than any of the tables has rows. */
const STRIDE = 1000;

/**
 * A backup with so many photos over ten years, as a phone lists them: the library of the virtual iPhone many times over,
 * with an original and a small picture of each. All small pictures are one file.
 */
export async function makePhotosBackup(parent: string, count: number): Promise<string> {
  const dir = join(parent, UDID);
  mkdirSync(dir, { recursive: true });
  const stateDir = join(parent, 'phone');
  const index = join(parent, 'Photos.sqlite');
  let picture: Uint8Array;
  {
    await using phone = await startVirtualIphone({ stateDir, library: 'small' });
    const file = phone.disk.get(DOMAIN, INDEX);
    if (file === undefined) throw new Error('the virtual iPhone has no photos');
    writeFileSync(index, phone.disk.read(file));
    const thumbnail = [...phone.disk.all()].find(
      ({ kind, relativePath, sizeBytes }) =>
        kind === 'file' && sizeBytes > 0 && /Thumbnails\/V2\/.*\.JPG$/.test(relativePath),
    );
    picture = thumbnail ? phone.disk.read(thumbnail) : Buffer.from([0xff, 0xd8, 0xff]);
  }
  await rm(stateDir, { recursive: true });
  using database = openDatabase(index, {});
  const photos = multiply(database, count);
  writeLists(dir, photos, index, picture);
  return dir;
}

function multiply(database: Database, count: number): string[] {
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
  const base = Number(database.prepare('SELECT count(*) AS n FROM ZASSET').get()?.['n']);
  const rounds = Math.ceil(count / base);
  for (const [table, references] of Object.entries(TABLES)) {
    const names = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
    const columns = names.map(({ name }) => String(name));
    const values = columns.map((name) => valueIn(name, references));
    database.exec(`INSERT INTO ${table} (${columns.join(', ')})
      WITH RECURSIVE round(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM round WHERE k < ${rounds - 1})
      SELECT ${values.join(', ')} FROM round, (SELECT * FROM ${table})`);
  }
  database.exec('COMMIT');
  const rows = database.prepare('SELECT ZDIRECTORY AS folder, ZFILENAME AS name FROM ZASSET').all();
  return rows.map(({ folder, name }) => `${String(folder)}/${String(name)}`);
}

function valueIn(name: string, references: readonly string[]): string {
  if (references.includes(name)) return `${name} + k * ${STRIDE}`;
  if (name === 'ZUUID') return `printf('%08X-0000-4000-8000-%012X', k, Z_PK)`;
  if (name === 'ZFILENAME') return `printf('IMG_%05d_%s', k, ZFILENAME)`;
  if (name === 'ZDATECREATED') return 'ZDATECREATED - k * 280000';
  return name;
}

function writeLists(dir: string, photos: readonly string[], index: string, picture: Uint8Array): void {
  const manifest = createManifestDatabase(join(dir, 'Manifest.db'));
  const facts = { userId: 501, groupId: 501, inode: 1, flags: 0, protectionClass: 3, mode: 0o100644 };
  const now = new Date('2026-11-01T00:00:00Z');
  const times = { modifiedAt: now, statusChangedAt: now, bornAt: now };
  const contents = join(dir, '..', 'picture.jpg');
  writeFileSync(contents, picture);
  const put = (relativePath: string, sizeBytes: number, source?: string): void => {
    const fileId = fileIdOf(DOMAIN, relativePath);
    manifest.put({
      fileId,
      domain: DOMAIN,
      relativePath,
      kind: 'file',
      file: encodeMbFile({ relativePath, sizeBytes, ...facts, ...times }),
    });
    if (source === undefined) return;
    mkdirSync(join(dir, fileId.slice(0, 2)), { recursive: true });
    linkSync(source, join(dir, fileId.slice(0, 2), fileId));
  };
  put(INDEX, 1, index);
  for (const path of photos) {
    put(`Media/${path}`, 2_500_000);
    put(`Media/PhotoData/Thumbnails/V2/${path}/5005.JPG`, picture.length, contents);
  }
  manifest.finish();
  const device = { DeviceName: 'Bench', ProductType: 'iPhone14,5', ProductVersion: '18.5', UniqueDeviceID: UDID };
  writeFileSync(
    join(dir, 'Manifest.plist'),
    encodeBinaryPlist({ Version: '10.0', Date: now, IsEncrypted: false, Lockdown: device, Applications: {} }),
  );
  writeFileSync(join(dir, 'Info.plist'), encodeXmlPlist({ 'Device Name': 'Bench', 'Target Identifier': UDID }));
  const status = { Version: '3.3', UUID: '7C0A3A52-0000-4000-8000-000000000002', Date: now, BackupState: 'new' };
  writeFileSync(
    join(dir, 'Status.plist'),
    encodeBinaryPlist({ ...status, SnapshotState: 'finished', IsFullBackup: false }),
  );
}
