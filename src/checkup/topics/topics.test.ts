import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { addFolderCopy, readCopies, runCopy } from '../../copies/index.ts';
import type { CheckupLine } from '../../contract/index.ts';
import { CheckupScene, NOW } from '../checkup.test-helper.ts';
import type { DiskHealth } from '../disks/smart.ts';
import type { CheckupHost, TopicContext } from '../host.ts';
import { lookAtAlarms } from './alarms.ts';
import { lookAtBackups } from './backups.ts';
import { lookAtClock, watchClock, type Written } from './clock.ts';
import { lookAtCopy } from './copies.ts';
import { lookAtDisks } from './disks.ts';
import { lookAtPasswords } from './passwords.ts';
import { lookAtVersion, newestVersions } from './versions.ts';

const DAY_MS = 86_400_000;
const HEALTHY = {
  kind: 'told',
  model: 'WDC WD40EFRX',
  passed: true,
  unreadablePlaces: 0,
  replacedPlaces: 0,
  usedPercent: undefined,
  hours: 100,
  celsius: 30,
} as const;

describe('the clock', () => {
  test('that fits with everything is proven', () => {
    assert.deepEqual(lookAt([new Date(NOW.getTime() - DAY_MS)], NOW), ['proven clock-agrees']);
    assert.deepEqual(lookAt([], undefined), ['proven clock-agrees']);
  });

  test('that is before what was written cannot be right', () => {
    assert.deepEqual(lookAt([new Date(NOW.getTime() + DAY_MS)], NOW), ['failed clock-behind']);
  });

  test('against which a version speaks names it, and what to do if it is right all the same', () => {
    const version = { id: '3fa94c01', device: 'Anna’s iPhone' };
    const ahead = [{ at: new Date('2037-01-01T00:00:00Z'), version }];
    const [behind] = clockLines(ahead);
    assert.deepEqual([behind?.state, behind?.reason.code], ['failed', 'clock-behind']);
    assert.deepEqual(
      behind?.more.map(({ code }) => code),
      ['alarm-version-misdated', 'do-set-clock-or-forget'],
    );
    const known = clockLines(ahead, undefined, undefined, true);
    assert.deepEqual(codes(known), ['proven clock-set-by-network', 'unproven alarm-version-misdated']);
    assert.deepEqual(known[1]?.more, [{ code: 'do-forget-misdated', values: { version: version.id } }]);
  });

  test('that was set back meanwhile is told', () => {
    assert.deepEqual(lookAt([], NOW, [0, 600_000]), ['failed clock-went-back']);
  });

  test('that slept meanwhile is none that was set', () => {
    assert.deepEqual(lookAt([], NOW, [600_000, 0]), ['proven clock-agrees']);
  });

  test('of the disk that differs is told', () => {
    assert.deepEqual(lookAt([], new Date(NOW.getTime() - 600_000)), ['failed clock-differs-from-disk']);
  });
});

describe('disks', () => {
  test('that are well, fail, rot or wear are told apart', async () => {
    assert.deepEqual(await askedDisk(HEALTHY), ['proven disk-healthy']);
    assert.deepEqual(await askedDisk({ ...HEALTHY, passed: false }), ['failed! disk-failing']);
    assert.deepEqual(await askedDisk({ ...HEALTHY, unreadablePlaces: 1 }), ['failed disk-bad-places']);
    assert.deepEqual(await askedDisk({ ...HEALTHY, replacedPlaces: 3 }), ['proven disk-healthy']);
    assert.deepEqual(await askedDisk({ ...HEALTHY, usedPercent: 95 }), ['failed disk-worn']);
  });

  test('that nobody could ask are never proven', async () => {
    assert.deepEqual(await askedDisk({ kind: 'no-program' }), ['unproven disk-no-program']);
    assert.deepEqual(await askedDisk({ kind: 'no-rights' }), ['unproven disk-no-rights']);
    assert.deepEqual(await askedDisk({ kind: 'says-nothing' }), ['unproven disk-says-nothing']);
    assert.deepEqual(await askedDisk({ ...HEALTHY, passed: undefined }), ['unproven disk-says-nothing']);
  });

  test('are each asked once', async () => {
    using scene = new CheckupScene();
    const asked: string[] = [];
    const disk = { name: 'sda', device: '/dev/sda', kind: 'disk' as const };
    await lookAtDisks(contextOf(scene), {
      under: () => [disk, { ...disk }],
      ask: async (device) => {
        asked.push(device);
        return HEALTHY;
      },
    });
    assert.deepEqual(asked, ['/dev/sda']);
  });
});

describe('passwords', () => {
  test('of each device are told by the worst of its versions, and older ones may have another', async () => {
    using scene = new CheckupScene();
    for (let n = 0; n < 3; n++) await scene.takeSnapshot({ x: `${n}` });
    const states = ['opens', 'closed', 'unknown'] as const;
    const look = async (order: readonly number[]) => {
      const context = contextOf(scene, {
        tryPasswords: async function* (_vault, records) {
          for (const [at, record] of records.entries()) yield { record, state: states[order[at] ?? 0] ?? 'opens' };
        },
      });
      return codes(await endOf(lookAtPasswords(context)));
    };
    assert.deepEqual(await look([0, 0, 0]), ['proven! passwords-open']);
    assert.deepEqual(await look([0, 1, 2]), [
      'proven! passwords-open',
      'unproven passwords-not-kept',
      'unproven passwords-closed',
    ]);
    assert.deepEqual(await look([1, 0, 0]), ['proven! passwords-open', 'failed! passwords-closed']);
    assert.deepEqual(await look([2, 2, 2]), ['unproven! passwords-not-kept']);
  });
});

describe('versions', () => {
  test('that a clock dated that was ahead do not stand for the newest', async () => {
    using scene = new CheckupScene();
    const record = await scene.takeSnapshot({ x: '1' });
    await using vault = await scene.open('none');
    const wrong = { ...record, id: 'wrong', takenAt: new Date('2037-01-01T00:00:00Z') };
    vault.snapshots = () => [wrong, record];
    assert.deepEqual(newestVersions(vault, NOW), [record]);
    vault.snapshots = () => [wrong];
    assert.deepEqual(newestVersions(vault, NOW), [wrong]);
  });

  test('that the device itself sent damaged are told, and no danger of ours', async () => {
    using scene = new CheckupScene();
    const record = await scene.takeSnapshot({ x: '1' });
    const file = { fileId: 'ab', domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' };
    const look = async (asSent: boolean) => {
      const context = contextOf(scene, {
        verifyVersion: async function* () {
          yield { kind: 'finding', finding: { kind: 'database', file, detail: 'damaged', asSent } } as const;
          const counts = { files: 1, bytes: 1, decrypted: 1, digestsMatched: 1, withoutDigest: 0 };
          const summary = { ...counts, verifiedAt: NOW, databases: 1, databasesPassed: 0, findings: { database: 1 } };
          yield { kind: 'done', summary } as const;
        },
      });
      return await endOf(lookAtVersion(context, record));
    };
    assert.deepEqual(codes(await look(true)), ['failed version-failed']);
    const [line] = await look(false);
    assert.deepEqual(codes(line === undefined ? [] : [line]), ['failed! version-failed']);
    assert.deepEqual(line?.more[0], {
      code: 'found-database',
      values: { files: 1, example: 'HomeDomain/Library/SMS/sms.db' },
    });
  });
});

test('a copy that has nothing of the vault proves nothing, however whole it is', async () => {
  using scene = new CheckupScene();
  await scene.takeSnapshot({ x: '1' });
  const { copies, stateDir } = scene.host();
  const look = async () => {
    const [status] = await readCopies({ stateDir }, NOW);
    assert.ok(status);
    return codes(await endOf(lookAtCopy(contextOf(scene), status)));
  };
  await using vault = await scene.open('none');
  const dir = join(scene.root, 'disk');
  const { entry } = await addFolderCopy(copies, vault, { name: 'disk', everyHours: 24, dir });
  assert.deepEqual(await look(), ['failed copy-behind']);
  await Array.fromAsync(runCopy(copies, vault, entry));
  assert.deepEqual(await look(), ['proven copy-read']);
});

test('a copy that lacks a device has failed, and one that lacks only a version of each is behind', async () => {
  using scene = new CheckupScene();
  await scene.takeSnapshot({ x: '1' });
  const { copies, stateDir } = scene.host();
  const dir = join(scene.root, 'disk');
  {
    await using vault = await scene.open('none');
    const { entry } = await addFolderCopy(copies, vault, { name: 'disk', everyHours: 24, dir });
    await Array.fromAsync(runCopy(copies, vault, entry));
  }
  const look = async () => {
    const [status] = await readCopies({ stateDir }, NOW);
    assert.ok(status);
    return codes(await endOf(lookAtCopy(contextOf(scene), status)));
  };
  await scene.takeSnapshot({ x: '2' });
  assert.deepEqual(await look(), ['proven copy-read', 'unproven copy-behind']);
  await scene.takeSnapshot({ x: '3' }, '00008020-0011223344556677');
  assert.deepEqual(await look(), ['proven copy-read', 'failed copy-behind']);
});

test('a copy that somebody is bringing up to date just now is not proven, and nothing is wrong with it', async () => {
  using scene = new CheckupScene();
  await scene.takeSnapshot({ x: 'one' });
  await using vault = await scene.open('none');
  const { copies } = scene.host();
  await addFolderCopy(copies, vault, { name: 'disk', everyHours: 24, dir: join(scene.root, 'disk') });
  const [status] = await readCopies(scene);
  assert.ok(status);
  const running = runCopy(copies, vault, status.entry);
  await running.next();
  const [found] = await endOf(lookAtCopy(contextOf(scene), status));
  await running.return(undefined);
  assert.deepEqual([found?.state, found?.reason.values], ['unproven', { error: 'ALREADY_RUNNING' }]);
});

test('backups that are late, paused or in time are told apart', async () => {
  using scene = new CheckupScene();
  await scene.takeSnapshot({ x: '1' });
  const base = { udid: 'u', name: 'n', lastAt: NOW, dueAt: NOW, pausedUntil: undefined, overdueDays: undefined };
  const later = new Date(NOW.getTime() + DAY_MS);
  const backups = async () => [base, { ...base, overdueDays: 9 }, { ...base, overdueDays: 9, pausedUntil: later }];
  assert.deepEqual(codes(await lookAtBackups(contextOf(scene, { backups, now }))), [
    'proven backup-recent',
    'failed backup-late',
    'unproven backup-paused',
  ]);
});

test('a way of telling that does not get through is told, and none at all', async () => {
  using scene = new CheckupScene();
  const look = async (channels: CheckupHost['testChannels']) =>
    codes(await lookAtAlarms(contextOf(scene, channels === undefined ? {} : { testChannels: channels })));
  assert.deepEqual(await look(undefined), ['unproven alarms-untried']);
  assert.deepEqual(await look(async () => []), ['unproven alarms-nobody']);
  const tests = [
    { channel: 'mail', problem: undefined },
    { channel: 'ntfy', problem: 'refused' },
  ];
  assert.deepEqual(await look(async () => tests), ['proven alarms-delivered', 'failed alarms-failing']);
});

const now = (): Date => NOW;

/** @param steps what the clock that is never set shows, each time it is asked. */
function lookAt(known: readonly Date[], fileTime: Date | undefined, steps: readonly number[] = [0, 0]): string[] {
  let step = 0;
  const watch = watchClock(now, () => steps[Math.min(step++, steps.length - 1)] ?? 0);
  return codes(
    clockLines(
      known.map((at) => ({ at })),
      watch,
      fileTime,
    ),
  );
}

function clockLines(
  written: readonly Written[],
  watch = watchClock(now, () => 0),
  fileTime: Date | undefined = NOW,
  isRight = false,
): CheckupLine[] {
  using scene = new CheckupScene();
  const seams = { fileTime: () => fileTime, isSetByNetwork: () => isRight };
  return lookAtClock(contextOf(scene, { now }), written, watch, seams);
}

const oneDisk = () => [{ name: 'sda', device: '/dev/sda', kind: 'disk' as const }];

async function askedDisk(health: DiskHealth): Promise<string[]> {
  using scene = new CheckupScene();
  return codes(await lookAtDisks(contextOf(scene), { under: oneDisk, ask: async () => health }));
}

function contextOf(scene: CheckupScene, changes: Partial<CheckupHost> = {}): TopicContext {
  return { host: scene.host(changes), startedAt: NOW, quick: false, repair: false };
}

/** "failed! code", with the mark where it is essential. */
function codes(lines: Awaited<ReturnType<typeof lookAtBackups>>): string[] {
  return lines.map(({ state, essential, reason }) => `${state}${essential ? '!' : ''} ${reason.code}`);
}

async function endOf<T>(looking: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await looking.next();
    if (done === true) return value;
  }
}
