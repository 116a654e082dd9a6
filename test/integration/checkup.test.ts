/** Checkups as people run them: whole, rotten, repaired, killed, without a password. test/soak plays more rounds. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '../../src/contract/index.ts';
import { encodeXmlPlist } from '../../src/formats/index.ts';
import { startService, type RunningService } from '../../src/service/index.ts';
import { placesFor } from '../../src/shared/files/places.ts';
import { checkupRound } from '../support/checkup-rounds.ts';
import { FastClock } from '../support/fast-clock.ts';
import { holdfast, startHoldfast, type CliEvent } from '../support/holdfast-cli.ts';
import { writePlainBackup } from '../support/plain-backup.ts';
import { randomFrom } from '../support/random.ts';

describe('a vault that rots', () => {
  for (const seed of [12, 13]) {
    test(`has all that is spoilt named by the checkup, and mended by one that repairs (seed ${seed})`, async () =>
      void (await checkupRound(seed)));
  }
});

describe('holdfast checkup', () => {
  test('proves a vault with a copy, puts its report where it is wanted, and chains it', async () => {
    using home = await Home.make();
    await home.ok('copies', 'add', 'disk', '--folder', join(home.dir, 'copy'));
    await home.ok('copies', 'run');
    const to = join(home.dir, 'reports');
    const first = (await home.ok('checkup', '--to', to, '--language', 'de')).at(-1);
    assert.equal(first?.['verdict'], 'safe', JSON.stringify(first));
    assert.deepEqual(
      readdirSync(to).map((name) => name.split('.').at(-1)),
      ['html', 'json', 'pdf'],
    );
    const { sha256, dir } = first['report'] as { sha256: string; dir: string };
    assert.match(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: dir, encoding: 'utf8' }), /report.pdf: OK/);
    await home.ok('checkup', '--quick');
    const listed = await home.ok('checkup', 'list');
    assert.deepEqual(
      listed.map(({ number, quick }) => [number, quick]),
      [
        [2, true],
        [1, false],
      ],
    );
    assert.equal(
      (await home.ok('checkup', 'verify', '--expect', sha256)).at(-1)?.['expected'],
      '0001-' + dir.slice(-10),
    );

    const path = join(dir, 'report.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"proven"', '"failed"'));
    const { status, error } = await home.run('checkup', 'verify');
    assert.equal(status, 57);
    assert.equal(error?.['code'], 'REPORT_CHANGED');
  });

  test('tells a copy that is not connected, and goes on', async () => {
    using home = await Home.make();
    await home.ok('copies', 'add', 'disk', '--folder', join(home.dir, 'copy'));
    await home.ok('copies', 'run');
    rmSync(join(home.dir, 'copy'), { recursive: true });
    const { events, status } = await home.run('checkup');
    assert.equal(status, 0);
    assert.deepEqual(codesOf(events, 'copies'), ['unproven copy-unreachable']);
    assert.equal(events.at(-1)?.['verdict'], 'attention');
  });

  test('killed again and again comes to its end, with one report', async () => {
    using home = await Home.make();
    const random = randomFrom(5);
    for (let n = 0; n < 8; n++) {
      const running = startHoldfast(['checkup', '--json'], { env: home.env });
      const timer = setTimeout(() => running.process.kill('SIGKILL'), random.between(150, 900));
      await running.ended;
      clearTimeout(timer);
    }
    const before = (await home.ok('checkup', 'list')).length;
    await home.ok('checkup');
    assert.equal((await home.ok('checkup', 'list')).length, before + 1);
    assert.equal(existsSync(join(home.dir, 'state', 'checkups', 'unfinished.jsonl')), false);
    await home.ok('checkup', 'verify');
  });

  test('of nothing is an error that says what to do', async () => {
    using home = new Home();
    const { error } = await home.run('checkup');
    assert.equal(error?.['code'], 'VAULT_NOT_FOUND');
  });
});

describe('the service', () => {
  test('makes a checkup on the first of the month, once, and mends what it finds from a copy', async () => {
    using home = await Home.make();
    await home.ok('copies', 'add', 'disk', '--folder', join(home.dir, 'copy'));
    await home.ok('copies', 'run');
    spoilLargestObject(join(home.dir, 'vault'));
    const places = placesFor(home.env);
    const month = new Date();
    const first = new Date(month.getFullYear(), month.getMonth() + 1, 1, 4, 30);
    await using service = await startService({
      places,
      env: home.env,
      network: false,
      clock: new FastClock({ from: first, speed: 1 }),
    });
    const job = await untilJob(service, 'checkup');
    assert.equal(job.automatic, true);
    assert.equal((await service.waitForJob(job.id))?.state, 'done', JSON.stringify(service.job(job.id)));
    const { reports, nextAt, chain } = await service.checkups();
    assert.equal(reports.length, 1);
    assert.deepEqual(chain, []);
    assert.equal(new Date(nextAt ?? 0).getDate(), 1);
    assert.ok(new Date(nextAt ?? 0) > first);
    const report = await service.checkupReport(reports[0]?.id ?? '');
    const codes = report?.lines.map(({ state, reason }) => `${state} ${reason.code}`);
    assert.ok(codes?.includes('repaired vault-repaired'), codes?.join(', '));
    assert.equal((await service.overview()).lastCheckup?.verdict, reports[0]?.verdict);
    const page = await service.checkupReportFile(reports[0]?.id ?? '', 'report.html');
    assert.match(String(page), /came back whole from “disk”/);
  });
});

async function untilJob(service: RunningService, kind: Job['kind']): Promise<Job> {
  for (let n = 0; n < 600; n++) {
    const found = service.jobs().find((job) => job.kind === kind);
    if (found !== undefined) return found;
    await pause(20);
  }
  throw new Error(`no ${kind} began`);
}

function spoilLargestObject(vaultDir: string): void {
  const objects = join(vaultDir, 'objects');
  const [path = ''] = readdirSync(objects, { recursive: true, encoding: 'utf8' })
    .map((each) => join(objects, each))
    .filter((each) => statSync(each).isFile());
  const bytes = readFileSync(path);
  bytes[99] = (bytes[99] ?? 0) ^ 16;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}

/** A home with a vault that holds two versions of a backup that is not encrypted. */
class Home implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly env = { HOLDFAST_HOME: this.dir };

  static async make(): Promise<Home> {
    const home = new Home();
    for (const [day, takenAt] of [
      ['one', new Date(Date.now() - 2 * 86_400_000)],
      ['two', new Date(Date.now() - 86_400_000)],
    ] as const) {
      const folder = join(home.dir, day, '00008110-000A1B2C3D4E5F60');
      const photos = Array.from({ length: 60 }, (_, at) => ({
        domain: 'CameraRollDomain',
        path: `Media/DCIM/${at}.JPG`,
        content: at < 3 ? Buffer.alloc(1_200_000, `${at}`) : `photo ${at} of day ${at % 2 === 0 ? day : ''}`,
      }));
      await writePlainBackup(folder, photos);
      const status = { SnapshotState: 'finished', Version: '3.3', IsFullBackup: true, Date: takenAt, UUID: day };
      writeFileSync(join(folder, 'Status.plist'), encodeXmlPlist(status));
      await home.ok('import', folder);
    }
    return home;
  }

  run(...words: readonly string[]) {
    return holdfast([...words, '--json'], { env: this.env });
  }

  async ok(...words: readonly string[]): Promise<readonly CliEvent[]> {
    const { status, stdout, stderr, events } = await this.run(...words);
    assert.equal(status, 0, `${words.join(' ')}: ${stderr}${stdout}`);
    return events;
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function codesOf(events: readonly CliEvent[], topic: string): string[] {
  return events
    .filter((each) => each['event'] === 'line' && each['topic'] === topic)
    .map(({ state, reason }) => `${String(state)} ${(reason as { code: string }).code}`);
}
