/**
 * Copies through the real restic to the servers that people have: filled, interrupted, resumed, read back, and given
 * back by restic alone.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { encodeXmlPlist } from '../../src/formats/index.ts';
import { holdfast, startHoldfast, type CliResult } from '../support/holdfast-cli.ts';
import { writePlainBackup } from '../support/plain-backup.ts';
import { SmallDisk } from '../support/small-disk.ts';
import {
  appendOnlyPlace,
  folderPlace,
  NEW_RESTIC,
  OLD_RESTIC,
  rclonePlace,
  s3Place,
  sftpPlace,
  type CopyPlace,
} from './copy-places.ts';
import { run } from './harness.ts';

const UDID = '00008110-000A1B2C3D4E5F60';
const PASSWORD = 'correct horse';

/** A vault with two snapshots, and `holdfast` for it. */
class Scene implements AsyncDisposable {
  readonly dir: string;
  /** Every file of the second snapshot by its path, as a hash. */
  newest: Record<string, string> = {};

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(largeBytes = 1_500_000): Promise<Scene> {
    const scene = new Scene(await mkdtemp(join(tmpdir(), 'holdfast-judge-')));
    await writeFile(join(scene.dir, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
    for (const { day, size, takenAt } of [
      { day: 'one', size: 1_200_000, takenAt: new Date('2026-05-01T10:00:00Z') },
      { day: 'two', size: largeBytes, takenAt: new Date('2026-05-02T10:00:00Z') },
    ]) {
      const folder = join(scene.dir, day, UDID);
      const content = Array.from({ length: 40 }, (_, at) => ({
        domain: 'CameraRollDomain',
        path: `Media/DCIM/${at}.JPG`,
        content: at === 0 ? randomBytes(size) : `photo ${at % 2 === 0 ? at : `${at} of day ${day}`}`,
      }));
      await writePlainBackup(folder, content);
      const status = { SnapshotState: 'finished', Version: '3.3', IsFullBackup: true, Date: takenAt, UUID: day };
      await writeFile(join(folder, 'Status.plist'), encodeXmlPlist(status));
      await scene.ok(['import', folder]);
      scene.newest = hashesBelow(join(scene.dir, day));
    }
    return scene;
  }

  /** Runs `holdfast`, which must succeed. */
  async ok(words: readonly string[], place?: CopyPlace): Promise<CliResult> {
    const result = await this.run(words, place);
    assert.equal(result.status, 0, `${words.join(' ')}: ${result.stderr}${result.stdout}`);
    return result;
  }

  run(words: readonly string[], place?: CopyPlace): Promise<CliResult> {
    return holdfast([...words, '--json'], { env: this.env(place) });
  }

  env(place?: CopyPlace): Record<string, string> {
    return { HOLDFAST_HOME: join(this.dir, 'home'), ...place?.env };
  }

  add(place: CopyPlace, words: readonly string[] = [], binary = NEW_RESTIC): Promise<CliResult> {
    const password = join(this.dir, 'password');
    const how = ['--restic', place.repository, '--password-file', password, '--restic-binary', binary];
    return this.ok(['copies', 'add', 'away', ...how, ...words], place);
  }

  /** Restic alone, as somebody uses it who has never heard of us. */
  async restic(place: CopyPlace, ...words: readonly string[]): Promise<string> {
    const env = { ...place.env, RESTIC_REPOSITORY: place.repository, RESTIC_PASSWORD: PASSWORD };
    const { status, stdout, stderr } = await run(NEW_RESTIC, ['--no-cache', ...words], { env });
    assert.equal(status, 0, `restic ${words.join(' ')}: ${stderr}`);
    return stdout;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }
}

describe('a copy is filled, up to date, proven, and given back byte for byte by restic alone', () => {
  for (const { title, open, binary } of [
    { title: 'in a folder', open: async (dir: string) => folderPlace(dir), binary: NEW_RESTIC },
    { title: 'in a folder, through restic 0.14', open: async (dir: string) => folderPlace(dir), binary: OLD_RESTIC },
    { title: 'on an SFTP server', open: sftpPlace, binary: NEW_RESTIC },
    { title: 'on rclone serve', open: (dir: string) => rclonePlace(dir), binary: NEW_RESTIC },
    { title: 'on an S3 server', open: () => s3Place(), binary: NEW_RESTIC },
  ]) {
    test(title, async () => {
      await using scene = await Scene.make();
      await mkdir(join(scene.dir, 'place'));
      await using place = await open(join(scene.dir, 'place'));
      await scene.add(place, [], binary);
      assert.equal((await scene.ok(['copies', 'run'], place)).events.at(-1)?.['copied'], 2);
      const verified = (await scene.ok(['copies', 'verify', '--part', '1'], place)).events.at(-1);
      assert.equal(verified?.['problems'], 0);
      assert.equal(verified?.['part'], '1/12');
      await assertRestoredByResticAlone(scene, place);
    });
  }

  test('on a server that lets nothing be removed, by a rule that would', async () => {
    await using scene = await Scene.make();
    await mkdir(join(scene.dir, 'place'));
    await using place = await appendOnlyPlace(join(scene.dir, 'place'));
    await scene.add(place);
    await scene.ok(['copies', 'run'], place);
    await scene.ok(['copies', 'remove', 'away', '--yes'], place);
    await scene.add(place, ['--keep', 'last=1']);
    const { events } = await scene.ok(['copies', 'run'], place);
    assert.match(JSON.stringify(events.find(({ event }) => event === 'note')), /not thinned/);
    assert.equal((JSON.parse(await scene.restic(place, 'snapshots', '--json')) as unknown[]).length, 2);
    await scene.ok(['copies', 'verify'], place);
    await assertRestoredByResticAlone(scene, place);
  });
});

for (const [title, binary] of [
  ['restic 0.18', NEW_RESTIC],
  ['restic 0.14', OLD_RESTIC],
] as const) {
  test(`a rule thins what is there, sends only what it keeps, and touches nothing of others (${title})`, async () => {
    await using scene = await Scene.make();
    const place = folderPlace(scene.dir);
    const stored = async (): Promise<string[]> =>
      (JSON.parse(await scene.restic(place, 'snapshots', '--json')) as { tags?: string[] }[]).map(
        ({ tags = [] }) => tags.find((tag) => tag.startsWith('snapshot='))?.slice('snapshot='.length) ?? 'of others',
      );
    const [newest, oldest] = (await scene.ok(['snapshots'])).events.map(({ id }) => String(id));
    await scene.add(place, ['--keep', 'last=1'], binary);
    assert.equal((await scene.ok(['copies', 'run'])).events.at(-1)?.['copied'], 1);
    assert.deepEqual(await stored(), [newest]);
    // Somebody else's, from this computer.
    await scene.restic(place, 'backup', join(scene.dir, 'password'));
    await scene.ok(['copies', 'remove', 'away', '--yes']);
    await scene.add(place, [], binary);
    assert.equal((await scene.ok(['copies', 'run'])).events.at(-1)?.['copied'], 1);
    assert.deepEqual(new Set(await stored()), new Set([newest, oldest, 'of others']));
    await scene.ok(['copies', 'remove', 'away', '--yes']);
    await scene.add(place, ['--keep', 'daily=1'], binary);
    const done = (await scene.ok(['copies', 'run'])).events.at(-1);
    assert.deepEqual([done?.['copied'], done?.['thinned'], done?.['pruned']], [0, 1, true]);
    assert.deepEqual(new Set(await stored()), new Set([newest, 'of others']));
    assert.equal((await scene.ok(['copies', 'run'])).events.at(-1)?.['copied'], 0);
    await assertRestoredByResticAlone(scene, place, newest);
  });
}

for (const [title, binary] of [
  ['restic 0.18', NEW_RESTIC],
  ['restic 0.14', OLD_RESTIC],
] as const) {
  test(`a copy whose run was killed is proven as far as it came, and goes on with what is missing (${title})`, async () => {
    await using scene = await Scene.make(4_000_000);
    const place = folderPlace(scene.dir);
    await scene.add(place, ['--limit-upload', '900'], binary);
    const running = startHoldfast(['copies', 'run', '--json'], {
      env: scene.env(),
      detached: true,
      // With the first snapshot there, the second is on its way, slowly.
      onEvent: ({ event }) => void (event === 'copied' && killWhenLocked(running.process.pid, place)),
    });
    const { signal, events } = await running.ended;
    assert.equal(signal, 'SIGKILL');
    assert.deepEqual(
      events.map(({ event }) => event),
      ['copied'],
    );
    // The killed one cannot have taken its lock back, and nobody else does.
    assert.notDeepEqual(readdirSync(join(place.repository, 'locks')), []);
    assert.equal((await scene.ok(['copies', 'verify'])).events.at(-1)?.['problems'], 0);
    assert.equal((await scene.ok(['copies', 'run'])).events.at(-1)?.['copied'], 1);
    assert.equal((await scene.ok(['copies', 'run'])).events.at(-1)?.['alreadyThere'], 2);
    assert.equal((await scene.ok(['copies', 'verify'])).events.at(-1)?.['problems'], 0);
    await assertRestoredByResticAlone(scene, place);
  });
}

for (const [title, binary] of [
  ['restic 0.18', NEW_RESTIC],
  ['restic 0.14', OLD_RESTIC],
] as const) {
  test(`a check that was killed, or had a power cut, keeps no run out (${title})`, async () => {
    await using scene = await Scene.make();
    const place = folderPlace(scene.dir);
    await scene.add(place, [], binary);
    await scene.ok(['copies', 'run']);
    const env = { ...process.env, RESTIC_REPOSITORY: place.repository, RESTIC_PASSWORD: PASSWORD };
    const checking = spawn(binary, ['--no-cache', 'check'], { env, detached: true, stdio: 'ignore' });
    const over = once(checking, 'exit');
    killWhenLocked(checking.pid, place);
    assert.deepEqual(await over, [null, 'SIGKILL']);
    assert.notDeepEqual(readdirSync(join(place.repository, 'locks')), []);
    assert.equal((await scene.ok(['copies', 'run'])).events.at(-1)?.['alreadyThere'], 2);
    assert.deepEqual(readdirSync(join(place.repository, 'locks')), []);
  });
}

test('a snapshot that lacks a file because that could not be read is not taken for whole, also where it stays', async () => {
  await using scene = await Scene.make();
  await mkdir(join(scene.dir, 'place'));
  await using place = await appendOnlyPlace(join(scene.dir, 'place'));
  await scene.add(place);
  // As where the disk of the vault cannot read it any more at that moment.
  const tags = (await scene.ok(['snapshots'])).events.map(({ id }) => `snapshot=${String(id)}`);
  const how = ['--time', '2026-05-02 10:00:00', '--tag', `holdfast,udid=${UDID},${tags[0]}`];
  await scene.restic(place, 'backup', join(scene.dir, 'password'), ...how);
  assert.equal((await scene.ok(['copies', 'run'], place)).events.at(-1)?.['copied'], 2);
  assert.equal((await scene.ok(['copies', 'verify'], place)).events.at(-1)?.['problems'], 0);
  const back = await scene.ok(['copies', 'restore', 'away', '--to', join(scene.dir, 'again')], place);
  assert.deepEqual([back.events.at(-1)?.['restored'], back.events.at(-1)?.['damaged']], [2, 0]);
});

for (const [title, binary, mend] of [
  ['by a repair (restic 0.18)', NEW_RESTIC, ['verify', '--repair']],
  ['by the next run (restic 0.14)', OLD_RESTIC, ['run']],
] as const) {
  test(`a snapshot that was stored without some of its files is found, known, and stored again ${title}`, async () => {
    await using scene = await Scene.make();
    const place = folderPlace(scene.dir);
    await scene.add(place, [], binary);
    const [newest] = (await scene.ok(['snapshots'])).events;
    // By one that notes no number of files.
    const tags = `holdfast,udid=${UDID},snapshot=${String(newest?.['id'])}`;
    const words = ['--no-cache', 'backup', join(scene.dir, 'password'), '--time', '2026-05-02 10:00:00', '--tag', tags];
    const env = { RESTIC_REPOSITORY: place.repository, RESTIC_PASSWORD: PASSWORD };
    assert.equal((await run(OLD_RESTIC, words, { env })).status, 0);
    assert.equal((await scene.ok(['copies', 'run'])).events.at(-1)?.['copied'], 1);
    assert.equal((await scene.run(['copies', 'verify', 'away'])).error?.['code'], 'COPY_DAMAGED');
    const damagedAt = async (): Promise<unknown> => (await scene.ok(['copies', 'list'])).events[0]?.['damagedAt'];
    assert.notEqual(await damagedAt(), null);
    await scene.ok(['copies', ...mend]);
    assert.equal(await damagedAt(), null);
    const done = (await scene.ok(['copies', 'run'])).events.at(-1);
    assert.deepEqual([done?.['copied'], done?.['alreadyThere']], [0, 2]);
    await assertRestoredByResticAlone(scene, place);
  });
}

test('what the vault has lost is fetched back as far as it lies in packs that are whole', async () => {
  await using scene = await Scene.make();
  const place = folderPlace(scene.dir);
  await scene.add(place);
  await scene.ok(['copies', 'run']);
  spoilPack(join(scene.dir, 'repository', 'data'));
  const vault = join(scene.dir, 'home', 'vault');
  rmSync(join(vault, 'segments'), { recursive: true });
  rmSync(join(vault, 'objects'), { recursive: true });
  const { events, error } = await scene.run(['copies', 'repair']);
  assert.equal(error?.['code'], 'SNAPSHOT_CORRUPT');
  const [repaired, problems] = [events.at(-1)?.['repaired'], events.at(-1)?.['problems']];
  assert.ok(Number(repaired) > 10 && Number(repaired) < Number(problems), JSON.stringify(events.at(-1)));
});

for (const [title, binary] of [
  ['restic 0.18', NEW_RESTIC],
  ['restic 0.14', OLD_RESTIC],
] as const) {
  test(`a disk that is full, or only to be read, gives everything back all the same (${title})`, async () => {
    await using scene = await Scene.make();
    const to = (name: string): string[] => ['copies', 'restore', 'away', '--to', join(scene.dir, name)];
    using disk = SmallDisk.mount(join(scene.dir, 'disk'), 64_000_000);
    await scene.add(folderPlace(disk.path), [], binary);
    await scene.ok(['copies', 'run']);
    disk.resize(disk.usedBytes);
    assert.equal((await scene.ok(['copies', 'verify'])).events.at(-1)?.['problems'], 0);
    assert.equal((await scene.ok(to('from full'))).events.at(-1)?.['restored'], 2);
    disk.protect(true);
    assert.equal((await scene.ok(['copies', 'verify'])).events.at(-1)?.['problems'], 0);
    assert.equal((await scene.ok(to('from protected'))).events.at(-1)?.['restored'], 2);
  });
}

test('a vault is rebuilt from a repository on a computer that knows nothing of it', async () => {
  await using scene = await Scene.make();
  const place = folderPlace(scene.dir);
  await scene.add(place);
  await scene.ok(['copies', 'run']);
  const before = await scene.ok(['snapshots']);
  rmSync(join(scene.dir, 'home'), { recursive: true });
  const to = join(scene.dir, 'again');
  const how = [
    '--restic',
    place.repository,
    '--password-file',
    join(scene.dir, 'password'),
    '--restic-binary',
    NEW_RESTIC,
  ];
  assert.equal((await scene.ok(['copies', 'restore', '--to', to, ...how])).events.at(-1)?.['restored'], 2);
  assert.deepEqual((await scene.ok(['snapshots', '--vault', to])).events, before.events);
  await scene.ok(['verify', '--vault', to]);
});

test('what the vault has lost is fetched back from a repository: objects, a list, a record', async () => {
  await using scene = await Scene.make();
  await scene.add(folderPlace(scene.dir));
  await scene.ok(['copies', 'run']);
  const vault = join(scene.dir, 'home', 'vault');
  rmSync(join(vault, 'segments'), { recursive: true });
  for (const name of readdirSync(join(vault, 'lists'))) {
    rmSync(join(vault, 'lists', name));
    await writeFile(join(vault, 'lists', name), 'torn');
  }
  const [record = ''] = readdirSync(join(vault, 'snapshots', UDID)).toSorted();
  await writeFile(join(vault, 'snapshots', UDID, record), '{');
  const repaired = await scene.ok(['copies', 'repair']);
  assert.equal(repaired.events.at(-1)?.['problems'], repaired.events.at(-1)?.['repaired']);
  await scene.ok(['verify']);
});

test('a damaged pack of a repository is found, named, and mended from the vault', async () => {
  await using scene = await Scene.make();
  const place = folderPlace(scene.dir);
  await scene.add(place, ['--read-parts', '1']);
  await scene.ok(['copies', 'run']);
  const pack = spoilPack(join(scene.dir, 'repository', 'data'));
  const found = await scene.run(['copies', 'verify']);
  assert.equal(found.error?.['code'], 'COPY_DAMAGED');
  assert.ok(found.events.some(({ event, details }) => event === 'problem' && JSON.stringify(details).includes(pack)));
  await scene.ok(['copies', 'verify', '--repair']);
  assert.equal((await scene.ok(['copies', 'verify'])).events.at(-1)?.['problems'], 0);
  await assertRestoredByResticAlone(scene, place);
});

test('another repository in its place, a wrong password and a server that is down are told apart', async () => {
  await using scene = await Scene.make();
  const place = folderPlace(scene.dir);
  await scene.add(place);
  rmSync(place.repository, { recursive: true });
  assert.equal((await scene.run(['copies', 'run', 'away'])).error?.['code'], 'COPY_UNREACHABLE');
  await scene.restic(place, 'init');
  assert.equal((await scene.run(['copies', 'run', 'away'])).error?.['code'], 'COPY_UNEXPECTED');
  const wrong = join(scene.dir, 'wrong');
  await writeFile(wrong, 'wrong\n');
  const how = ['--restic-binary', NEW_RESTIC, '--password-file', wrong];
  const guessed = await scene.run(['copies', 'add', 'again', '--restic', place.repository, ...how]);
  assert.equal(guessed.error?.['code'], 'WRONG_PASSWORD');
});

/** The newest snapshot is a folder that is the same to the last byte as what was taken in. */
async function assertRestoredByResticAlone(scene: Scene, place: CopyPlace, snapshot?: string): Promise<void> {
  const target = join(scene.dir, 'restored');
  const which = snapshot === undefined ? [] : ['--tag', `snapshot=${snapshot}`];
  await scene.restic(place, 'restore', 'latest', ...which, '--target', target);
  const restored = hashesBelow(target);
  delete restored[`${UDID}.snapshot.json`];
  assert.deepEqual(restored, scene.newest);
}

function hashesBelow(dir: string): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const path = join(dir, name);
    if (statSync(path).isFile()) hashes[name] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return hashes;
}

/** Changes one bit in the middle of the largest pack, and returns its name. */
function spoilPack(data: string): string {
  const packs = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => /\/[0-9a-f]{64}$/.test(name));
  const [largest = ''] = packs.toSorted((a, b) => statSync(join(data, b)).size - statSync(join(data, a)).size);
  const bytes = readFileSync(join(data, largest));
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  rmSync(join(data, largest));
  writeFileSync(join(data, largest), bytes);
  return largest.slice(-64);
}

/** Kills a process and what it started, as soon as they are at work in the repository. */
function killWhenLocked(pid: number | undefined, { repository }: CopyPlace): void {
  const look = setInterval(() => {
    const isLocked = readdirSync(join(repository, 'locks')).some((name) => /^[0-9a-f]{64}$/.test(name));
    if (pid === undefined || !isLocked) return;
    clearInterval(look);
    process.kill(-pid, 'SIGKILL');
  }, 5);
}
