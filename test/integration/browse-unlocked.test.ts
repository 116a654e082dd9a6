/** What is open of versions: for how long, how many, and that nothing can be read with the keys afterwards. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadBrowsing, openSecretStore, type Browsing, type Visitor } from '../../src/service/index.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const PASSWORD = 'the backup password';

describe('versions that are open', () => {
  let both: PhoneAndVault;
  const versions: string[] = [];
  let now: number;
  let browsing: Browsing;

  before(async () => {
    both = await PhoneAndVault.start({ files: 5, backupPassword: PASSWORD });
    for (let i = 0; i < 3; i++) {
      both.takePhotos(5 + i, 6 + i);
      versions.push((await both.backUp()).snapshot);
    }
  });
  after(() => both[Symbol.asyncDispose]());

  async function start(): Promise<AsyncDisposable> {
    const { Browsing: Opened } = await loadBrowsing();
    now = 1000;
    browsing = new Opened({
      vaultDir: both.vaultDir,
      stateDir: join(both.directory, 'state'),
      secrets: openSecretStore({ stateDir: join(both.directory, 'state') }, process.env),
      limits: { idleMs: 100, maxUnlocked: 2 },
      now: () => now,
    });
    return browsing;
  }
  const isOpen = async (version: string, who = visitor()): Promise<boolean> =>
    (await browsing.stateOf(who, version)).state === 'unlocked';

  test('are locked when nobody has read for a while, not while somebody reads', async () => {
    await using _ = await start();
    const [version = ''] = versions;
    await browsing.unlock(visitor(), version, PASSWORD);
    now += 90;
    {
      using reading = await browsing.read(visitor(), version);
      now += 500;
      await browsing.lockIdle();
      assert.equal(reading.unlocked.signal.aborted, false);
    }
    now += 99;
    await browsing.lockIdle();
    assert.ok(await isOpen(version));
    now += 2;
    await browsing.lockIdle();
    assert.ok(!(await isOpen(version)));
    await assert.rejects(browsing.read(visitor(), version), { code: 'CONTENT_LOCKED' });
  });

  test('are so many at most: the one used longest ago gives way', async () => {
    await using _ = await start();
    for (const version of versions) {
      now += 1;
      await browsing.unlock(visitor(), version, PASSWORD);
    }
    assert.deepEqual(await Promise.all(versions.map((version) => isOpen(version))), [false, true, true]);
  });

  test('share the keys of a session, and no two sessions do', async () => {
    await using _ = await start();
    const [first = '', second = ''] = versions;
    await browsing.unlock(visitor(), first, PASSWORD);
    await browsing.unlock(visitor(), second);
    await assert.rejects(browsing.unlock(visitor('ben'), first), { code: 'CONTENT_LOCKED' });
    await assert.rejects(browsing.read(visitor('ben'), second), { code: 'CONTENT_LOCKED' });
    assert.equal(await browsing.canRead(visitor(), versions[2] ?? ''), true);
    assert.equal(await browsing.canRead(visitor('ben'), first), false);
  });

  test('cannot be read any more once they are locked, and their keys are gone', async () => {
    await using _ = await start();
    const [version = '', other = ''] = versions;
    await browsing.unlock(visitor(), version, PASSWORD);
    await browsing.unlock(visitor(), other);
    const reading = await browsing.read(visitor(), version);
    const { backup, signal } = reading.unlocked;
    const entry = backup.find('CameraRollDomain', 'Media/DCIM/100APPLE/IMG_1.JPG');
    assert.ok(entry !== undefined && backup.contentKey(entry.outline())?.length === 32);
    const locking = browsing.lock(visitor(), version);
    assert.equal(signal.aborted, false);
    await Promise.resolve();
    reading[Symbol.dispose]();
    await locking;
    assert.equal(signal.aborted, true);
    // The other version goes on with the keys that both have.
    assert.equal(backup.classKeys?.usableClasses.length !== 0, true);
    await browsing.lock(visitor(), other);
    assert.throws(() => backup.contentKey(entry.outline()), /locked|closed|not open/);
    assert.throws(() => backup.classKeys?.deriveSecret('anything'), { code: 'FORMAT_INVALID' });
  });

  test('end with their session, also while one is being opened', async () => {
    await using _ = await start();
    const [version = '', other = ''] = versions;
    const session = new AbortController();
    const who = visitor('anna', session.signal);
    await browsing.unlock(who, version, PASSWORD);
    const opening = browsing.unlock(who, other, PASSWORD);
    session.abort();
    await assert.rejects(opening, { code: 'CONTENT_LOCKED' });
    await assert.rejects(browsing.read(who, version), { code: 'CONTENT_LOCKED' });
    await assert.rejects(browsing.unlock(who, version, PASSWORD), { code: 'CONTENT_LOCKED' });
  });
});

function visitor(id = 'anna', ended = new AbortController().signal): Visitor {
  return { id, accountId: id, ended };
}
