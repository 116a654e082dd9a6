import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { mergePatch, parseSettings } from './parse-settings.ts';
import { SettingsStore } from './settings-store.ts';

let dir = '';
let file = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdfast-'));
  file = join(dir, 'settings.json');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('a settings file', () => {
  test('that says nothing is everything as it comes', () => {
    for (const text of ['', ' \n', '{}']) {
      const { settings } = parseSettings(text, 'f');
      assert.partialDeepStrictEqual(settings, {
        slots: 2,
        rule: { everyHours: 24, locked: true },
        server: { port: 7373 },
      });
    }
  });

  test('changes for a device only what it says', () => {
    const udid = '00008110-000A1B2C3D4E5F60';
    const { settings } = parseSettings(`{"devices":{"${udid}":{"rule":{"everyHours":12}}}}`, 'f');
    assert.deepEqual(settings.devices[udid], { rule: { everyHours: 12 } });
  });

  for (const [what, text, words] of [
    ['a word that is none', '{"slotz": 3}', /slotz/],
    ['a word of a rule that is none', '{"rule": {"everyHour": 3}}', /rule: .*everyHour/],
    ['a number out of range', '{"server": {"port": 70000}}', /server\.port: /],
    [
      'a window that is no time',
      '{"rule": {"window": {"from": "9", "to": "10:00"}}}',
      /rule\.window\.from: a time of day/,
    ],
    ['something that is not JSON', '{"slots": }', /it is not JSON/],
    ['a list', '[]', /expected object/],
  ] as const) {
    test(`with ${what} is refused, by the place and the reason`, () => {
      assert.throws(() => parseSettings(text, '/etc/f'), { code: 'SETTINGS_INVALID', message: words });
    });
  }
});

test('a change merges objects, null takes back, everything else replaces', () => {
  const before = { a: 1, b: { c: 2, d: [3] }, e: 5 };
  assert.deepEqual(mergePatch(before, { b: { c: null, d: [4] }, e: null, f: { g: null, h: 6 } }), {
    a: 1,
    b: { d: [4] },
    f: { h: 6 },
  });
  const merged = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  assert.equal(Object.getPrototypeOf(merged), Object.prototype);
});

describe('the settings of a service', () => {
  test('are written for their owner alone, with nothing but what was said', async () => {
    using store = await open();
    await store.write({ slots: 3, rule: { everyHours: 12 } });
    await store.write({ rule: { locked: false }, slots: null });
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { rule: { everyHours: 12, locked: false } });
    assert.equal((await stat(file)).mode & 0o077, 0);
    assert.equal(store.read().slots, 2);
  });

  test('stay as they were when a change is not allowed', async () => {
    using store = await open();
    await store.write({ slots: 3 });
    await assert.rejects(store.write({ slots: 0 }), { code: 'SETTINGS_INVALID' });
    await assert.rejects(store.write({ nonsense: true }), { code: 'SETTINGS_INVALID' });
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { slots: 3 });
  });

  test('tell of each change once, of a broken file, and of its being mended', async () => {
    using store = await open();
    let told = 0;
    store.onChange(() => told++);
    await writeFile(file, '{"slots": 4}');
    await store.reload();
    await store.reload();
    assert.deepEqual([told, store.read().slots], [1, 4]);
    await writeFile(file, '{"slots": ');
    await store.reload();
    await store.reload();
    assert.deepEqual([told, store.read().slots, store.problem?.code], [2, 4, 'SETTINGS_INVALID']);
    await assert.rejects(store.write({ slots: 5 }), { code: 'SETTINGS_INVALID' });
    await writeFile(file, '{"slots": 4}');
    await store.reload();
    assert.deepEqual([told, store.problem], [3, undefined]);
  });

  test('are the last good ones after a start with a broken file, and as they come after one without any', async () => {
    (await open())[Symbol.dispose]();
    using first = await open();
    await first.write({ slots: 7 });
    await writeFile(file, 'broken');
    using second = await open();
    assert.deepEqual([second.read().slots, second.problem?.code], [7, 'SETTINGS_INVALID']);
    await rm(file);
    await second.reload();
    assert.deepEqual([second.read().slots, second.problem], [2, undefined]);
  });

  test('changed at the same time lose nothing', async () => {
    using store = await open();
    await Promise.all([
      store.write({ slots: 3 }),
      store.write({ language: 'de' }),
      store.write({ rule: { locked: false } }),
    ]);
    assert.partialDeepStrictEqual(store.said(), { slots: 3, language: 'de', rule: { locked: false } });
  });
});

function open(): Promise<SettingsStore> {
  return SettingsStore.open({ file, stateDir: join(dir, 'state'), onBug: (error) => assert.fail(String(error)) });
}
