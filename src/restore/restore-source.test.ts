import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TargetError, type TargetFile } from '../shared/target/backup-target.ts';
import { servedSource } from './restore-source.ts';

const UDID = '00008101-000A1B2C3D4E5F60';
const DATE = new Date('2026-11-23T03:00:00Z');
const [FIRST, SECOND] = [`ab${'0'.repeat(38)}`, `cd${'1'.repeat(38)}`];

describe('a backup that a device restores from', () => {
  test('is listed as it can be read, without what is missing in it', async () => {
    const target = served({ 'Info.plist': 7, 'Manifest.db': 9, 'Status.plist': 5, [`ab/${FIRST}`]: 3 });
    assert.deepEqual(
      (await target.list(UDID)).map(({ name, kind, sizeBytes }) => `${kind} ${name} ${sizeBytes}`),
      ['file Info.plist 7', 'file Manifest.db 9', 'file Status.plist 5', 'directory ab 0', 'directory cd 0'],
    );
    assert.deepEqual(await target.list(`${UDID}/ab`), [{ name: FIRST, kind: 'file', sizeBytes: 3, modifiedAt: DATE }]);
    assert.deepEqual(await target.list(`${UDID}/cd`), []);
  });

  test('has nothing else, and nothing beside it', async () => {
    const target = served({ 'Info.plist': 7 });
    for (const path of [`${UDID}/ef`, `${UDID}/Snapshot`, '00008101-000000000000FFFF', `${UDID}x`]) {
      await assert.rejects(async () => await target.list(path), { reason: 'not-found' });
    }
    assert.throws(() => target.read('00008101-000000000000FFFF/Info.plist'), { reason: 'not-found' });
  });

  test('lists all contents of a backup from before iOS 10 in one directory', async () => {
    const target = served({ 'Manifest.mbdb': 9, [FIRST]: 3 }, (id) => id);
    assert.deepEqual(
      (await target.list(UDID)).map(({ name }) => name),
      ['Manifest.mbdb', FIRST],
    );
  });

  test('does not say that there is no room: a device would take its word for it', () => {
    assert.throws(() => served({}).freeBytes(), { reason: 'unsupported' });
  });
});

/** A backup of two files of which the folder has what is named here, with its size. */
function served(
  sizes: Readonly<Record<string, number>>,
  contentPath = (id: string): string => `${id.slice(0, 2)}/${id}`,
): ReturnType<typeof servedSource> {
  const read = (path: string): TargetFile => {
    const sizeBytes = sizes[path];
    if (sizeBytes === undefined) throw new TargetError('not-found', path);
    return { sizeBytes, chunks: async function* () {} };
  };
  const manifest = {
    contentIds: function* (): Generator<string, undefined> {
      yield FIRST;
      yield SECOND;
      return undefined;
    },
    contentPath,
  };
  return servedSource({ source: { read }, manifest, facts: { date: DATE } }, UDID);
}
