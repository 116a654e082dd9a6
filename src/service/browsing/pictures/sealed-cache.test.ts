import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { SealedCache } from './sealed-cache.ts';
import { Turnstile } from './turnstile.ts';

describe('small pictures on the disk', () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'holdfast-'))));
  afterEach(() => rmSync(dir, { recursive: true }));
  const [secret, other] = [randomBytes(32), randomBytes(32)];
  const files = (): string[] =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(dir, name))
      .filter((path) => statSync(path).isFile());

  test('are found again with the secret they were sealed with, and with no other', async () => {
    const cache = new SealedCache(dir, 1e6);
    await cache.put(secret, 'a', Buffer.from('picture'));
    assert.equal((await cache.get(secret, 'a'))?.toString(), 'picture');
    assert.equal(await cache.get(other, 'a'), undefined);
    assert.equal(await cache.get(secret, 'b'), undefined);
  });

  test('tell nothing by their content, their name, or who may read them', async () => {
    const cache = new SealedCache(dir, 1e6);
    await cache.put(secret, 'IMG_0001.JPG', Buffer.from('picture'));
    const [path = ''] = files();
    assert.doesNotMatch(readFileSync(path, 'latin1'), /picture/);
    assert.doesNotMatch(path, /IMG/);
    assert.equal(statSync(path).mode & 0o077, 0);
  });

  test('that were changed are forgotten', async () => {
    const cache = new SealedCache(dir, 1e6);
    await cache.put(secret, 'a', Buffer.from('picture'));
    const [path = ''] = files();
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    writeFileSync(path, bytes);
    assert.equal(await cache.get(secret, 'a'), undefined);
    assert.deepEqual(files(), []);
  });

  test('give way to newer ones when there are too many', async () => {
    const cache = new SealedCache(dir, 10_000);
    for (let i = 0; i < 9; i++) {
      await cache.put(secret, `${i}`, Buffer.alloc(1000));
      for (const path of files()) utimesSync(path, 1000, statSync(path).mtimeMs > 2e12 ? 1000 : 1000 + i);
    }
    await cache.put(secret, 'newest', Buffer.alloc(1000));
    await cache.put(secret, 'and another', Buffer.alloc(1000));
    const bytes = files().reduce((sum, path) => sum + statSync(path).size, 0);
    assert.ok(bytes <= 10_000, String(bytes));
    assert.ok((await cache.get(secret, 'and another')) !== undefined);
  });

  test('are made anew where nothing can be kept', async () => {
    const file = join(dir, 'a file');
    writeFileSync(file, '');
    const cache = new SealedCache(join(file, 'cache'), 1e6);
    await cache.put(secret, 'a', Buffer.from('picture'));
    assert.equal(await cache.get(secret, 'a'), undefined);
  });
});

describe('a turnstile', () => {
  test('lets so many through, the others in order, and those who leave do not keep anybody waiting', async () => {
    const turnstile = new Turnstile(1);
    const order: string[] = [];
    const first = await turnstile.pass();
    const leaving = new AbortController();
    const left = turnstile.pass(leaving.signal);
    const second = turnstile.pass().then((place) => {
      order.push('second');
      return place;
    });
    leaving.abort();
    await assert.rejects(left, { code: 'CANCELLED' });
    assert.deepEqual(order, []);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    assert.deepEqual(order, ['second']);
    (await turnstile.pass())[Symbol.dispose]();
    await assert.rejects(turnstile.pass(AbortSignal.abort()), { code: 'CANCELLED' });
  });
});
