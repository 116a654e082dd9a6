/** Two versions compared, searched at once, and things taken out of one. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  ChangedItems,
  Differences,
  SearchResult,
  TakeOut,
  TakeOutFormats,
  TakeOuts,
} from '../../src/contract/index.ts';
import { BACKUP_PASSWORD, startBrowsingScene, type BrowsingScene } from '../support/browsing-scene.ts';
import { mutateLibrary, type PhoneDisk } from '../../src/virtual-iphone/index.ts';
import { openDatabaseBytes } from '../../src/database/index.ts';
import { readZip } from '../support/zip.ts';

const CAMERA_ROLL = 'CameraRollDomain';
const NEW = 'Media/DCIM/999HOLDF/IMG_9001.JPG';
const GONE = 'Media/DCIM/999HOLDF/IMG_9000.JPG';

describe('two versions of a device', () => {
  let scene: BrowsingScene;
  let first: string;
  let second: string;
  const get = (path: string, of = second): Promise<unknown> => scene.get(`snapshots/${of}/${path}`);

  before(async () => {
    scene = await startBrowsingScene({
      change: ({ disk }) => {
        disk.writeFile(CAMERA_ROLL, GONE, Buffer.alloc(700, 'a'));
        disk.writeFile('HomeDomain', 'Documents/changed.txt', Buffer.from('before'));
      },
    });
    first = scene.snapshot;
    const { disk } = scene.both.phone;
    disk.remove(CAMERA_ROLL, GONE);
    disk.writeFile(CAMERA_ROLL, NEW, Buffer.alloc(900, 'b'));
    disk.writeFile('HomeDomain', 'Documents/changed.txt', Buffer.from('afterwards'));
    mutateLibrary(disk, { share: 0.1 });
    deleteCall(disk);
    second = await scene.backUp();
    const body = { password: BACKUP_PASSWORD };
    assert.equal((await scene.owner.ask(`snapshots/${second}/unlock`, { method: 'POST', body })).status, 200);
  });
  after(() => scene[Symbol.asyncDispose]());

  test('differ by what came, changed and went', async () => {
    const told = Differences.parse(await get(`differences?with=${first}`));
    assert.deepEqual([told.before.snapshot, told.after.snapshot], [first, second]);
    assert.ok(told.kinds.every(({ isComparable }) => isComparable));
    const list = async (kind: string, change: string): Promise<string[]> => {
      const path = `differences/items?with=${first}&kind=${kind}&change=${change}&limit=500`;
      return ChangedItems.parse(await get(path)).items.map(({ id }) => id);
    };
    for (const { kind, added, changed, gone, ...count } of told.kinds) {
      assert.equal(count.before + added - gone, count.after, kind);
      const listed = [await list(kind, 'added'), await list(kind, 'changed'), await list(kind, 'gone')];
      assert.deepEqual(
        listed.map(({ length }) => length),
        [added, changed, gone],
        kind,
      );
    }
    const ofKind = (wanted: string): Differences['kinds'][number] | undefined =>
      told.kinds.find(({ kind }) => kind === wanted);
    assert.ok((ofKind('messages')?.added ?? 0) > 0 && (ofKind('photos')?.added ?? 0) > 0);
    assert.ok((ofKind('calls')?.gone ?? 0) >= 1);
    assert.ok((await list('files', 'added')).includes(`${CAMERA_ROLL}/${NEW}`));
    assert.ok((await list('files', 'gone')).includes(`${CAMERA_ROLL}/${GONE}`));
    const changed = await list('files', 'changed');
    assert.ok(changed.includes('HomeDomain/Documents/changed.txt') && !changed.includes(`${CAMERA_ROLL}/${NEW}`));
  });

  test('are the same either way round, and only those of one device are compared', async () => {
    const body = {};
    assert.equal((await scene.owner.ask(`snapshots/${first}/unlock`, { method: 'POST', body })).status, 200);
    const turned = Differences.parse(await get(`differences?with=${second}`, first));
    assert.deepEqual(turned, Differences.parse(await get(`differences?with=${first}`)));
    assert.equal((await scene.owner.ask(`snapshots/${second}/differences?with=00000000`)).status, 404);
    const unknown = await scene.owner.ask(
      `snapshots/${second}/differences/items?with=${first}&kind=secrets&change=added`,
    );
    assert.equal(unknown.status, 400);
  });

  test('are searched at once, and say what is gone since when', async () => {
    const gone = ChangedItems.parse(await get(`differences/items?with=${first}&kind=calls&change=gone`)).items[0];
    assert.ok(gone !== undefined);
    const words = `q=${encodeURIComponent(gone.title)}&kinds=calls&limit=200`;
    const { hits, lockedVersions } = SearchResult.parse(await get(`search?${words}&versions=all`));
    assert.deepEqual(lockedVersions, []);
    const hit = hits.find(({ id }) => id === gone.id);
    assert.deepEqual([hit?.lastSeen?.snapshot, hit?.goneSince?.snapshot], [first, second]);
    assert.ok(!SearchResult.parse(await get(`search?${words}`)).hits.some(({ id }) => id === gone.id));
  });
});

function deleteCall(disk: PhoneDisk): void {
  const place = ['HomeDomain', 'Library/CallHistoryDB/CallHistory.storedata'] as const;
  const file = disk.get(...place);
  assert.ok(file !== undefined);
  using database = openDatabaseBytes(disk.read(file));
  database.exec('DELETE FROM ZCALLRECORD WHERE Z_PK = (SELECT min(Z_PK) FROM ZCALLRECORD)');
  disk.writeFile(...place, database.serialize());
}

describe('taking out', () => {
  let scene: BrowsingScene;
  let version: string;
  before(async () => {
    scene = await startBrowsingScene();
    version = `snapshots/${scene.snapshot}`;
    const body = { password: BACKUP_PASSWORD };
    assert.equal((await scene.owner.ask(`${version}/unlock`, { method: 'POST', body })).status, 200);
  });
  after(() => scene[Symbol.asyncDispose]());

  const start = async (body: unknown): Promise<TakeOut> => {
    const answer = await scene.owner.ask(`${version}/take-out`, { method: 'POST', body });
    assert.equal(answer.status, 201);
    return TakeOut.parse(await answer.json());
  };
  const stateOf = async (id: string): Promise<TakeOut> => TakeOut.parse(await scene.get(`${version}/take-out/${id}`));
  const zipOf = async ({ id }: TakeOut): Promise<Map<string, Buffer>> => {
    const answer = await scene.owner.ask(`${version}/take-out/${id}/zip`);
    assert.equal(answer.headers.get('content-type'), 'application/zip');
    return readZip(Buffer.from(await answer.arrayBuffer()));
  };
  /** What a page that was left finds again. */
  const openOnes = async (): Promise<string[]> =>
    TakeOuts.parse(await scene.get(`${version}/take-out`)).takeOuts.map(({ id }) => id);
  const leftOnDisk = (): string[] => {
    const folder = join(scene.both.directory, 'take-out');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  test('files come as they are on the phone, with nothing on the disk', async () => {
    const places = [
      { domain: CAMERA_ROLL, path: 'Media/DCIM/100APPLE' },
      { domain: 'HomeDomain', path: 'Library/SMS/sms.db' },
    ];
    const takeOut = await start({ what: 'files', places });
    assert.deepEqual([takeOut.state, takeOut.onDisk], ['ready', false]);
    const files = await zipOf(takeOut);
    const { disk } = scene.both.phone;
    for (const file of disk.all()) {
      const isChosen =
        file.relativePath.startsWith('Media/DCIM/100APPLE/') || file.relativePath === 'Library/SMS/sms.db';
      if (file.kind !== 'file' || !isChosen) continue;
      const name = `${file.domain}/${file.relativePath}`;
      assert.ok(files.get(name)?.equals(Buffer.from(disk.read(file))), name);
    }
    assert.deepEqual(leftOnDisk(), []);
    assert.equal((await stateOf(takeOut.id)).state, 'fetched');
    assert.equal((await scene.owner.ask(`${version}/take-out/${takeOut.id}/zip`)).status, 404);
  });

  test('photos come in folders of months, with their films', async () => {
    const files = [...(await zipOf(await start({ what: 'photos', view: 'live' }))).keys()];
    assert.ok(files.some((name) => /^\d{4}-\d\d\/.+\.(HEIC|JPG)$/i.test(name)));
    assert.ok(files.some((name) => name.endsWith('.MOV')));
    const copied = [...(await zipOf(await start({ what: 'photos', view: 'live', asJpeg: true }))).keys()];
    assert.ok(copied.every((name) => !/\.heic$/i.test(name)));
  });

  test('kinds come in the formats of the command line; what waits on the disk is the owner’s alone, and goes', async () => {
    const { kinds } = TakeOutFormats.parse(await scene.get(`${version}/take-out/formats`));
    assert.ok(kinds.some(({ kind, formats }) => kind === 'messages' && formats.includes('html')));
    assert.ok(!kinds.some(({ kind }) => kind === 'keychain' || kind === 'wifi'));
    const takeOut = await start({ what: 'kinds', kinds: ['contacts'], format: 'vcard4' });
    assert.equal(takeOut.onDisk, true);
    assert.deepEqual(await openOnes(), [takeOut.id]);
    let state = await stateOf(takeOut.id);
    for (; state.state === 'running'; state = await stateOf(takeOut.id)) await new Promise(setImmediate);
    assert.equal(state.state, 'ready');
    assert.equal(leftOnDisk().length, 1);
    const files = await zipOf(takeOut);
    assert.match([...files.values()].join('\n'), /BEGIN:VCARD/);
    assert.deepEqual(await openOnes(), []);
    assert.deepEqual(leftOnDisk(), []);
  });

  test('one conversation alone, and nothing of passwords', async () => {
    const { items } = (await scene.get(`${version}/messages/conversations`)) as {
      items: { id: string; title: string }[];
    };
    const [conversation] = items.filter(({ title }) => /^\p{L}/u.test(title));
    const takeOut = await start({ what: 'kinds', kinds: ['messages'], format: 'txt', conversation: conversation?.id });
    while ((await stateOf(takeOut.id)).state === 'running') await new Promise(setImmediate);
    const names = [...(await zipOf(takeOut)).keys()].filter((name) => name.endsWith('.txt') && name !== 'Missing.txt');
    assert.equal(names.length, 1);
    const refused = await scene.owner.ask(`${version}/take-out`, {
      method: 'POST',
      body: { what: 'kinds', kinds: ['keychain'] },
    });
    assert.equal(refused.status, 400);
  });

  test('what was not fetched goes when the version is locked', async () => {
    const takeOut = await start({ what: 'kinds', kinds: ['calls'] });
    while ((await stateOf(takeOut.id)).state === 'running') await new Promise(setImmediate);
    assert.equal(leftOnDisk().length, 1);
    await scene.owner.ask(`${version}/lock`, { method: 'POST' });
    assert.deepEqual(leftOnDisk(), []);
  });
});
