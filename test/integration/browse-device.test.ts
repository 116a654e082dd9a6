/** Apps and Wi-Fi networks as a page gets them, against what the phone was given. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  Apps,
  BlockedCallers,
  ClockAlarms,
  DeviceAccounts,
  SearchResult,
  Shelf,
  WifiNetworks,
  WifiPassword,
} from '../../src/contract/index.ts';
import { memoryBackup } from '../../src/content/source/memory-backup.test-helper.ts';
import { encodeBinaryPlist } from '../../src/formats/index.ts';
import { Unlocked } from '../../src/service/browsing/unlocked.ts';
import { listWifiNetworks, wifiPassword } from '../../src/service/browsing/wifi/wifi-pages.ts';
import type { SnapshotRecord } from '../../src/vault/index.ts';
import { BACKUP_PASSWORD, startBrowsingScene, type BrowsingScene } from '../support/browsing-scene.ts';

const wifiOf = async (scene: BrowsingScene): Promise<WifiNetworks> =>
  WifiNetworks.parse(await scene.get(`snapshots/${scene.snapshot}/wifi`));

const askPassword = (scene: BrowsingScene, network: string, who = scene.owner): Promise<Response> =>
  who.ask(`snapshots/${scene.snapshot}/wifi/${network}/password`, { method: 'POST' });

const iconOf = (scene: BrowsingScene, id: string): Promise<Response> =>
  scene.owner.ask(`snapshots/${scene.snapshot}/installed-apps/${id}/icon`);

describe('an encrypted version', () => {
  let scene: BrowsingScene;
  const get = (path: string): Promise<unknown> => scene.get(`snapshots/${scene.snapshot}/${path}`);

  before(async () => {
    scene = await startBrowsingScene();
    await unlock();
  });
  after(() => scene[Symbol.asyncDispose]());

  async function unlock(): Promise<void> {
    const body = { password: BACKUP_PASSWORD };
    const answer = await scene.owner.ask(`snapshots/${scene.snapshot}/unlock`, { method: 'POST', body });
    assert.equal(answer.status, 200);
  }

  test('lists the apps to be put back by name, then those of the system, with what each keeps', async () => {
    const all = Apps.parse(await get('installed-apps?limit=500'));
    const installed = all.items.filter(({ isBuiltIn }) => !isBuiltIn);
    assert.equal(installed.length, all.installed);
    assert.ok(installed.length > 0 && all.items.slice(0, installed.length).every(({ isBuiltIn }) => !isBuiltIn));
    const transit = installed.find(({ id }) => id === 'org.example.transit');
    assert.ok(transit !== undefined && transit.files > 0 && transit.bytes > 0);
    assert.ok(installed.some(({ onHomeScreen }) => onHomeScreen !== undefined));
    const bySize = Apps.parse(await get('installed-apps?order=size')).items.filter(({ isBuiltIn }) => !isBuiltIn);
    assert.deepEqual(
      bySize.map(({ bytes }) => bytes),
      bySize.map(({ bytes }) => bytes).toSorted((a, b) => b - a),
    );
    const { kinds } = Shelf.parse(await get('coverage'));
    assert.equal(kinds.find(({ kind }) => kind === 'apps')?.count, all.installed);
  });

  test('finds apps by a part of what is told of them, and gives the picture of one', async () => {
    const { items, installed } = Apps.parse(await get('installed-apps?q=TRANSIT'));
    assert.deepEqual([items.map(({ id }) => id), installed > 1], [['org.example.transit'], true]);
    const icon = await iconOf(scene, 'org.example.transit');
    assert.deepEqual([icon.status, icon.headers.get('content-type')], [200, 'image/png']);
    for (const id of ['nobody', '..%2F..%2Fetc', '%00']) {
      assert.equal((await iconOf(scene, id)).status, 404, id);
    }
  });

  test('tells accounts, alarms and blocked callers as the device has them', async () => {
    const accounts = DeviceAccounts.parse(await get('accounts?limit=500')).items;
    assert.ok(accounts.some(({ uses }) => uses.includes('Mail')));
    const alarms = ClockAlarms.parse(await get('alarms')).items;
    assert.deepEqual(alarms.map(({ kind, time, label, isOn }) => [kind, time, label, isOn]).slice(0, 3), [
      ['alarm', '06:30', 'Aufstehen', alarms[0]?.isOn],
      ['sleep', '06:45', undefined, true],
      ['alarm', '09:15', undefined, alarms[2]?.isOn],
    ]);
    assert.deepEqual([alarms[0]?.repeats, alarms[1]?.bedtime], [['MO', 'TU', 'WE', 'TH', 'FR'], '22:45']);
    assert.deepEqual([alarms.at(-1)?.kind, alarms.at(-1)?.seconds], ['timer', 510]);
    const { items, total } = BlockedCallers.parse(await get('blocked?limit=1'));
    assert.ok(items.length === 1 && total > 1 && items[0]?.address);
    const { kinds } = Shelf.parse(await get('coverage'));
    const counts = ['accounts', 'blocked'].map((kind) => kinds.find((each) => each.kind === kind)?.count);
    assert.deepEqual(counts, [accounts.length, total]);
  });

  test('lists networks without a password in the answer, and gives each out by itself', async () => {
    const wifi = await wifiOf(scene);
    assert.equal(wifi.passwords, 'readable');
    const { id = '' } = wifi.items.find(({ name }) => name === 'Zuhause 5 GHz') ?? {};
    const answer = await askPassword(scene, id);
    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-store']);
    const { password, isHex } = WifiPassword.parse(await answer.json());
    assert.ok(password.length > 0 && !isHex);
    assert.ok(!JSON.stringify(wifi).includes(password));
    const found = SearchResult.parse(await get(`search?q=${encodeURIComponent(password)}`));
    assert.deepEqual(found.hits, []);
  });

  test('finds each by a search, under the name its page looks for', async () => {
    for (const [words, kind, id] of [
      ['Öffi', 'apps', 'org.example.transit'],
      ['Zuhause', 'wifi', 'Zuhause 5 GHz'],
      ['Aufstehen', 'alarms', undefined],
    ] as const) {
      const { hits } = SearchResult.parse(await get(`search?q=${encodeURIComponent(words)}&kinds=${kind}`));
      assert.deepEqual([hits.length, hits[0]?.kind], [1, kind]);
      assert.ok(id === undefined || hits[0]?.id === id);
    }
  });

  test('gives a password to nobody but the owner, to no token, and only while it is open', async () => {
    const [network] = (await wifiOf(scene)).items;
    const id = network?.id ?? '';
    assert.equal((await askPassword(scene, id, scene.administrator)).status, 403);
    const path = `snapshots/${scene.snapshot}/wifi/${id}/password`;
    assert.equal((await scene.server.ask(path, { method: 'POST' })).status, 401);
    // A page of somebody else has the cookie sent, but not the token of the page.
    const { cookie } = scene.owner;
    assert.equal((await scene.server.ask(path, { method: 'POST', headers: { cookie } })).status, 403);
    const made = await scene.owner.ask('tokens', { method: 'POST', body: { name: 'x', scopes: ['content'] } });
    const { token } = (await made.json()) as { token: string };
    const authorization = `Bearer ${token}`;
    assert.equal((await scene.server.ask(path, { method: 'POST', headers: { authorization } })).status, 403);
    assert.equal((await scene.owner.ask(path)).status, 404, 'no address that can be opened gives it out');
    assert.equal((await askPassword(scene, 'nobody')).status, 404);
    await scene.owner.ask(`snapshots/${scene.snapshot}/lock`, { method: 'POST' });
    assert.equal((await askPassword(scene, id)).status, 423);
    await unlock();
  });
});

describe('a version without encryption', () => {
  test('says that networks are held by encrypted ones only', async () => {
    await using scene = await startBrowsingScene({ encrypted: false });
    assert.equal((await scene.owner.ask(`snapshots/${scene.snapshot}/wifi`)).status, 404);
    const { kinds } = Shelf.parse(await scene.get(`snapshots/${scene.snapshot}/coverage`));
    const { state, needsEncryption } = kinds.find(({ kind }) => kind === 'wifi') ?? {};
    assert.deepEqual([state, needsEncryption], ['absent', true]);
    assert.ok(Apps.parse(await scene.get(`snapshots/${scene.snapshot}/installed-apps`)).installed > 0);
  });

  test('gives out no password of the networks it does hold, as those of iOS 12 do', async () => {
    const list = encodeBinaryPlist({ 'List of known networks': [{ SSID_STR: 'Zuhause', RSN_IE: {} }] });
    const scene = {
      backup: memoryBackup({ 'SystemPreferencesDomain:SystemConfiguration/com.apple.wifi.plist': list }),
    };
    const closing = new AsyncDisposableStack();
    const record = { id: 'one' } as SnapshotRecord; // nothing else of it is read
    const unlocked = new Unlocked({ ...scene, record, closing, nowMs: 0 });
    const { items, passwords } = await listWifiNetworks(unlocked, { from: 0, limit: 10 });
    assert.deepEqual(
      [items.map(({ name, hasPassword }) => [name, hasPassword]), passwords],
      [[['Zuhause', false]], 'not-encrypted'],
    );
    await assert.rejects(wifiPassword(unlocked, items[0]?.id ?? ''), { code: 'CONTENT_NOT_FOUND' });
  });
});
