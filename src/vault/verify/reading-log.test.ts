import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { damageObject, takeSnapshot, TemporaryVault } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import { ReadingLogFile } from './reading-log.ts';
import type { VerifyVaultOptions } from './verify-vault.ts';

const PHOTOS = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`ab/photo${at}`, randomBytes(1_100_000)]));
const SMALL = { 'cd/one': 'first small file', 'cd/two': 'second small file' };

describe('a vault read in slices', () => {
  test('is read once, however many slices it takes', async () => {
    using place = new Place();
    await using vault = await place.filled();
    const slices = [];
    for (let slice = 0; slice < 10; slice++) {
      using log = place.log();
      slices.push(await verify(vault, { log, maxBytes: 1_500_000 }));
    }
    const total = slices[0]?.totals ?? { objects: 0, bytes: 0 };
    assert.equal(total.objects, 8);
    assert.deepEqual(slices.at(-1)?.earlier, total);
    assert.deepEqual(slices.at(-1)?.unread, { objects: 0, bytes: 0 });
    assert.equal(
      slices.reduce((sum, { objects }) => sum + objects, 0),
      total.objects,
    );
    assert.ok(slices.every(({ problems }) => problems === 0));
  });

  test('is read anew where something has come to it, and only there', async () => {
    using place = new Place();
    await using vault = await place.filled();
    using log = place.log();
    await verify(vault, { log });
    await takeSnapshot(vault, { 'ab/new': randomBytes(1_300_000), 'cd/three': 'third small file' });
    const { objects, earlier, problems } = await verify(vault, { log });
    assert.equal(problems, 0);
    assert.equal(earlier.objects + objects, 10);
    assert.ok(earlier.objects >= 6, `${earlier.objects} large files and nothing else are as they were`);
    assert.ok(objects >= 2);
  });

  test('finds what was damaged before it was read, every time until it is whole', async () => {
    using place = new Place();
    await using vault = await place.filled();
    damageObject(place.vault.dir, PHOTOS['ab/photo3'] ?? Buffer.alloc(0));
    using log = place.log();
    assert.equal((await verify(vault, { log })).problems, 1);
    const again = await verify(vault, { log });
    assert.equal(again.problems, 1);
    assert.equal(again.objects, 1);
  });

  test('of which nothing is to be read tells what is unread, and still what is missing', async () => {
    using place = new Place();
    await using vault = await place.filled();
    const { objects, unread } = await verify(vault, { maxBytes: 0 });
    assert.equal(objects, 0);
    assert.equal(unread.objects, 8);
  });
});

test('a log that a crash has torn knows what was whole in it', () => {
  using place = new Place();
  const [first, second, third] = [randomBytes(8), randomBytes(8), randomBytes(8)];
  {
    using log = place.log();
    log.add(first);
    log.add(second);
  }
  truncateSync(place.path, 13);
  {
    using log = place.log();
    assert.deepEqual([log.has(first), log.has(second)], [true, false]);
    log.add(third);
  }
  appendFileSync(place.path, Buffer.alloc(3));
  using log = place.log();
  assert.deepEqual([log.has(first), log.has(second), log.has(third)], [true, false, true]);
});

/** A vault and room for a log of reading it. */
class Place implements Disposable {
  readonly vault = new TemporaryVault();
  readonly #dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly path = join(this.#dir, 'state', 'vault.read');

  log(): ReadingLogFile {
    return new ReadingLogFile(this.path);
  }

  async filled(): Promise<Vault> {
    const vault = await this.vault.open();
    await takeSnapshot(vault, { ...PHOTOS, ...SMALL });
    return vault;
  }

  [Symbol.dispose](): void {
    this.vault[Symbol.dispose]();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

async function verify(vault: Vault, options: VerifyVaultOptions) {
  const events = await Array.fromAsync(vault.verify(options));
  const done = events.find((event) => event.kind === 'done');
  assert.ok(done);
  const { objects, bytes, earlier, unread } = done;
  const totals = {
    objects: objects + earlier.objects + unread.objects,
    bytes: bytes + earlier.bytes + unread.bytes,
  };
  return { ...done, totals };
}
