import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import type { SnapshotRecord } from '../../vault/index.ts';
import { FakeRestic } from './fake-restic.test-helper.ts';
import type { BackupRequest } from './repository.ts';

const ID = '5'.repeat(64);
const LOCKED = 'unable to create lock in backend: repository is already locked exclusively by PID 7 on nas by root';

const config = `echo '{"version":2,"id":"${ID}"}'`;

describe('a lock in a repository', () => {
  for (const [title, status] of [
    ['restic 0.17', 11],
    ['restic 0.14', 1],
  ] as const) {
    const unlessLocked = (answer: string): string =>
      `if [ -e lock ]; then echo "${LOCKED}" >&2; exit ${status}; fi; ${answer}`;

    test(`that nobody holds any more keeps nobody out (${title})`, async () => {
      using fake = new FakeRestic({ cat: unlessLocked(config), unlock: 'rm lock', snapshots: unlessLocked('echo []') });
      fake.write('lock', '');
      assert.equal(await fake.repository.id(), ID);
      fake.write('lock', '');
      assert.deepEqual(await fake.repository.snapshots(), []);
    });

    test(`of one who is at work is told (${title})`, async () => {
      using fake = new FakeRestic({ cat: unlessLocked(config), unlock: 'true' });
      fake.write('lock', '');
      await assert.rejects(fake.repository.id(), { code: 'COPY_FAILED', message: /another program/ });
    });
  }
});

test('a place that no lock can be put into is read without one', async () => {
  const full = 'echo "unable to create lock in backend: write locks/a: no space left on device" >&2; exit 1';
  const unless = (answer: string): string => `case "$*" in *--no-lock*) ${answer} ;; *) ${full} ;; esac`;
  using fake = new FakeRestic({ cat: unless(config), snapshots: unless('echo []'), forget: unless('true') });
  assert.equal(await fake.repository.id(), ID);
  assert.deepEqual(await fake.repository.snapshots(), []);
  assert.deepEqual(fake.asked.slice(1), ['--quiet cat config --no-lock', 'snapshots --json --tag holdfast --no-lock']);
  await assert.rejects(fake.repository.remove(['c0ffee']), { message: /is full/ });
});

test('a protected place is read as soon as that shows, and nobody waits until restic gives up', async () => {
  const said = 'echo "Save(<lock/51d1f330a6>) returned error, retrying after 1s: open a: read-only file system" >&2';
  const retries = `trap 'exit 130' INT; ${said}; sleep 0.05; ${said}; while true; do sleep 0.05; done`;
  const unless = (answer: string): string => `case "$*" in *--no-lock*) ${answer} ;; *) ${retries} ;; esac`;
  using fake = new FakeRestic({ cat: unless(config), forget: retries });
  assert.equal(await fake.repository.id(), ID);
  await assert.rejects(fake.repository.remove(['c0ffee']), { code: 'COPY_FAILED', message: /refuses us/ });
});

describe('a snapshot that restic could not store all of', () => {
  const request: BackupRequest = {
    record: { id: '3fa94c01', udid: 'U', takenAt: new Date(0), device: { name: 'A' } } as unknown as SnapshotRecord,
    vaultId: 'v',
    staged: { dir: tmpdir(), folder: 'U', record: 'U.snapshot.json', changedFiles: 3, files: 3, bytes: 30 },
    parent: undefined,
  };
  const summary = { message_type: 'summary', data_added: 1, total_files_processed: 2, total_bytes_processed: 20 };
  const stored = `echo '${JSON.stringify({ ...summary, snapshot_id: 'c0ffee' })}'`;

  for (const [title, answer] of [
    ['because a file could not be read', `${stored}; echo "error: read U/ab: input/output error" >&2; exit 3`],
    ['without a word', stored],
  ] as const) {
    test(`${title} is taken away again`, async () => {
      using fake = new FakeRestic({ backup: answer, forget: 'true' });
      await assert.rejects(fake.repository.backup(request), { code: 'COPY_FAILED', message: /did not store all/ });
      assert.equal(fake.asked.at(-1), 'forget c0ffee');
    });
  }

  test('is told where nothing may be removed, too', async () => {
    using fake = new FakeRestic({ backup: stored, forget: 'echo "unable to remove c0ffee" >&2; exit 3' });
    await assert.rejects(fake.repository.backup(request), { message: /did not store all/ });
  });
});

test('a disk that is full here is not taken for a full place of the copy', async () => {
  const said = 'echo "ignoring error for /U/ab: write /x/U/ab: no space left on device" >&2; exit 1';
  using fake = new FakeRestic({ restore: said });
  await assert.rejects(fake.repository.restore('c0ffee', '/x', {}), { code: 'OUT_OF_SPACE' });
});
