import { openMemoryDatabase } from '../../database/index.ts';
import { TargetError } from '../../shared/target/backup-target.ts';
import { Backup, fileIdOf, type Manifest, type ManifestEntry } from '../../snapshot/index.ts';

/** An unencrypted backup of a few files, by "domain:path". */
export function memoryBackup(files: Readonly<Record<string, Uint8Array>>): Backup {
  const contents = new Map<string, Uint8Array>();
  const entries: ManifestEntry[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    const [domain = '', relativePath = ''] = name.split(/:(.*)/s);
    const fileId = fileIdOf(domain, relativePath);
    contents.set(fileId, bytes);
    const details = (): ReturnType<ManifestEntry['details']> => detailsOf(relativePath, bytes);
    const outline = (): ReturnType<ManifestEntry['outline']> => ({
      ...details(),
      modifiedAt: undefined,
      sizeBytes: bytes.length,
    });
    entries.push({ fileId, domain, relativePath, kind: 'file', details, outline });
  }
  const manifest: Manifest = {
    format: 'db',
    *entries({ domain } = {}): Generator<ManifestEntry, undefined> {
      yield* entries.filter((entry) => domain === undefined || entry.domain === domain);
    },
    listing: (options) => manifest.entries(options),
    *contentIds(): Generator<string, undefined> {
      yield* contents.keys();
    },
    find: (domain, path) => entries.find((entry) => entry.domain === domain && entry.relativePath === path),
    contentPath: (fileId) => fileId,
    [Symbol.dispose]() {},
  };
  const source = { read: (path: string) => targetFile(contents.get(path), path) };
  return new Backup({ source, manifest, info: undefined, facts: undefined, classKeys: undefined });
}

/** The bytes of a database with messages of one conversation: "message 1 …", "message 2 …", each with so many dots behind. */
export function messagesDatabase(count: number, dots: number): Buffer {
  return databaseBytes(`
CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT UNIQUE, text TEXT, handle_id INTEGER, date INTEGER, is_from_me INTEGER);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT);
CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
INSERT INTO chat VALUES (1, 'iMessage;-;+491511');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
  INSERT INTO message SELECT i, 'G' || i, 'message ' || i || ' ' || printf('%.*c', ${dots}, '.'), 0, 600000000 + i, 0 FROM n;
INSERT INTO chat_message_join SELECT 1, ROWID FROM message;`);
}

/** The bytes of a database made by statements. */
export function databaseBytes(sql: string): Buffer {
  using database = openMemoryDatabase();
  database.exec(sql);
  return database.serialize();
}

function targetFile(bytes: Uint8Array | undefined, path: string): ReturnType<Backup['source']['read']> {
  if (bytes === undefined) throw new TargetError('not-found', `${path} is not there`);
  return {
    sizeBytes: bytes.length,
    async *chunks() {
      yield bytes;
    },
  };
}

function detailsOf(relativePath: string, bytes: Uint8Array): ReturnType<ManifestEntry['details']> {
  const numbers = { mode: 0o100644, userId: 501, groupId: 501, inode: 1, protectionClass: 0, flags: 0 };
  return { relativePath, sizeBytes: bytes.length, ...numbers };
}
