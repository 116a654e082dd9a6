/** What `holdfast get`, `ls` and `find` give of a backup is what the phone held. */
import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileIdOf } from '../../src/snapshot/index.ts';
import { isEncryptedOnly, type PhoneFile } from '../../src/virtual-iphone/index.ts';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { fillPhone } from '../support/phone-content.ts';
import { randomFrom } from '../support/random.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const PASSWORD = 'correct horse';
const APP = 'org.example.transit';

for (const [index, { title, encrypted, options }] of [
  { title: 'an encrypted phone', encrypted: true, options: {} },
  { title: 'a phone without a backup password', encrypted: false, options: {} },
  { title: 'an encrypted phone of iOS 9', encrypted: true, options: { productVersion: '9.3.5' } },
].entries()) {
  /** The others differ in what is read and how, not in what is asked for. */
  const isFirst = index === 0;

  describe(`the files of ${title}`, () => {
    let both: PhoneAndVault;
    let folder = '';
    let files: PhoneFile[] = [];

    before(async () => {
      const password = encrypted ? { backupPassword: PASSWORD } : {};
      both = await PhoneAndVault.start({ files: 0, library: 'small', ...password, ...options });
      fillPhone(both.phone.disk, randomFrom(7));
      const { disk } = both.phone;
      disk.writeFile('HomeDomain', 'Library/SMS/sms.db-wal', Buffer.alloc(100, 'w'), { mode: 0o4640 });
      disk.writeFile(`AppDomainPlugin-${APP}.widget`, 'Documents/of the plug-in.txt', Buffer.from('plug-in'));
      await both.backUp();
      files = [...disk.all()].filter(
        (file) => file.domain !== 'NotBackedUpDomain' && (encrypted || !isEncryptedOnly(file)),
      );
      assert.equal((await cli('export', 'latest', join(both.directory, 'exported'))).status, 0);
      folder = join(both.directory, 'exported', both.phone.udid);
    });
    after(() => both[Symbol.asyncDispose]());

    function cli(...words: string[]): Promise<CliResult> {
      const env = { HOLDFAST_VAULT: both.vaultDir, HOLDFAST_HOME: join(both.directory, 'home') };
      return holdfast(words, { env: { ...env, HOLDFAST_PASSWORD: PASSWORD, TZ: 'Europe/Berlin' } });
    }

    async function assertFinds(words: readonly string[], fits: (file: PhoneFile) => boolean): Promise<void> {
      const found = pathsOf(await cli('find', 'latest', ...words, '--json'));
      assert.deepEqual(found, files.filter(fits).map(pathOf).toSorted());
    }

    async function get(name: string, ...words: string[]): Promise<string> {
      const to = join(both.directory, name);
      const result = await cli('get', ...words, '--to', to);
      assert.equal(result.status, 0, result.stderr);
      return to;
    }

    test('come out of the vault and out of a backup folder as they were, byte for byte', async () => {
      assertSame(await get('all', 'latest'), files, both);
      assertSame(await get('all of folder', folder), files, both);
    });

    test('that are damaged or missing in the backup are named, and all others come out', async () => {
      const [missing, cut, whole] = files.filter(
        ({ kind, sizeBytes, domain }) => kind === 'file' && sizeBytes > 100 && domain === 'HomeDomain',
      );
      assert.ok(missing !== undefined && cut !== undefined && whole !== undefined);
      const broken = join(both.directory, 'broken');
      assert.equal((await cli('export', 'latest', broken)).status, 0);
      const stored = (file: PhoneFile): string => {
        const id = fileIdOf(file.domain, file.relativePath);
        const flat = join(broken, both.phone.udid, id);
        return existsSync(flat) ? flat : join(broken, both.phone.udid, id.slice(0, 2), id);
      };
      rmSync(stored(missing));
      truncateSync(stored(cut), 32);
      const to = join(both.directory, 'from broken');
      const result = await cli('get', join(broken, both.phone.udid), '--to', to, '--json');
      assert.deepEqual([result.status, result.error?.['code']], [21, 'SNAPSHOT_CORRUPT']);
      const problems = result.events.filter(({ event, problem }) => event === 'problem' && problem !== 'link-outside');
      const told = problems.map(({ path, problem }) => `${String(path)} ${String(problem)}`).toSorted();
      const cutIsSeen = encrypted ? [`${cut.relativePath} damaged`] : [];
      assert.deepEqual(told, [`${missing.relativePath} missing`, ...cutIsSeen].toSorted());
      assert.deepEqual(
        readFileSync(join(to, whole.domain, whole.relativePath)),
        Buffer.from(both.phone.disk.read(whole)),
      );
      assert.ok(!existsSync(join(to, missing.domain, missing.relativePath)));
      const others = files.filter((file) => file !== missing && file !== cut);
      // What there is of the other was written.
      assertSame(to, others, both, [pathOf(cut)]);
    });

    if (!isFirst) return;

    test('come out one domain, one folder, one file at a time', async () => {
      assertSame(await get('one domain', 'latest', 'CameraRollDomain'), files.filter(isIn('CameraRollDomain')), both);
      const sms = await get('one folder', 'latest', 'homedomain/library/sms/');
      assertSame(sms, files.filter(isIn('HomeDomain', 'Library/SMS')), both);
      const [two, one] = [
        await get('database', 'latest', 'HomeDomain/Library/SMS/sms.db'),
        await get('file', folder, 'HomeDomain/Library/SMS/sms.db-wal'),
      ];
      assert.deepEqual(readdirSync(join(two, 'HomeDomain/Library/SMS')), ['sms.db', 'sms.db-wal']);
      assert.deepEqual(readdirSync(join(one, 'HomeDomain/Library/SMS')), ['sms.db-wal']);
    });

    test('of an app come from its container, its plug-ins and its groups', async () => {
      const domains = [`AppDomain-${APP}`, `AppDomainPlugin-${APP}.widget`, `AppDomainGroup-group.${APP}`];
      const to = await get('app', 'latest', '--app', APP.toUpperCase());
      assertSame(
        to,
        files.filter(({ domain }) => domains.includes(domain)),
        both,
      );
    });

    test('are listed by domain, by folder and all together', async () => {
      const domains = await cli('ls', 'latest', '--json');
      const sum = (key: string): number => domains.events.reduce((total, event) => total + Number(event[key]), 0);
      const [plain, folders, links] = ['file', 'directory', 'symlink'].map((kind) =>
        files.filter((file) => file.kind === kind),
      );
      assert.deepEqual([sum('files'), sum('folders'), sum('links')], [plain?.length, folders?.length, links?.length]);
      assert.equal(
        sum('bytes'),
        plain?.reduce((total, file) => total + file.sizeBytes, 0),
      );

      const recursive = await cli('ls', folder, '--recursive', '--json');
      const listed = recursive.events.map(
        ({ domain, path, kind }) => `${String(kind)} ${String(domain)}/${String(path)}`,
      );
      assert.deepEqual(
        listed.toSorted(),
        files.map(({ domain, relativePath, kind }) => `${kind} ${domain}/${relativePath}`).toSorted(),
      );

      const media = await cli('ls', 'latest', 'CameraRollDomain/Media/DCIM', '--json');
      const inDcim = files
        .filter(isIn('CameraRollDomain', 'Media/DCIM/100APPLE'))
        .filter(({ kind }) => kind === 'file');
      const apple = media.events.find(({ path }) => path === 'Media/DCIM/100APPLE');
      assert.deepEqual([apple?.['filesBelow'], apple?.['kind']], [inDcim.length, 'directory']);

      const shown = await cli('ls', 'latest', 'HomeDomain/Library/SMS');
      assert.match(shown.stdout, /^-rw-r----- +100 bytes  \d{4}-\d\d-\d\d \d\d:\d\d  sms\.db-wal$/m);
      assert.equal((await cli('ls', 'latest', 'NoDomain/x')).status, 34);
      assert.match((await cli('ls', 'latest', 'transit')).stdout, new RegExp(`AppDomain-${APP} `));
    });

    test('are found by name, app, size, time and kind', async () => {
      await assertFinds(['*.HEIC'], (file) => nameOf(file).endsWith('.heic'));
      await assertFinds(['CAFE\u0301'], (file) => nameOf(file).includes('café'));
      await assertFinds(['Library/SMS/*'], ({ relativePath }) => relativePath.startsWith('Library/SMS/'));
      await assertFinds(['--larger', '1MB'], ({ kind, sizeBytes }) => kind === 'file' && sizeBytes >= 1e6);
      await assertFinds(['--kind', 'link'], ({ kind }) => kind === 'symlink');
      const newYear = new Date('2025-12-31T23:00:00Z');
      await assertFinds(
        ['--domain', 'AppDomain-*', '--before', '2026-01-01'],
        ({ domain, modifiedAt }) => domain.startsWith('AppDomain-') && modifiedAt < newYear,
      );
      await assertFinds(['--app', APP], ({ domain }) => new RegExp(`^AppDomain\\w*-(group\\.)?${APP}`).test(domain));
    });

    for (const megabytes of [0.3, 2, 6]) {
      test(`fill a disk of ${megabytes} MB, which is told, and nothing on it is half-written`, async () => {
        const to = join(both.directory, 'small disk');
        using disk = SmallDisk.mount(to, megabytes * 1e6);
        const result = await cli('get', 'latest', '--to', to, '--json');
        assert.deepEqual([result.status, result.error?.['code']], [23, 'OUT_OF_SPACE']);
        assert.deepEqual(readdirSync(join(to, '.holdfast-export')), []);
        const byPath = new Map(files.map((file) => [pathOf(file), file]));
        for (const path of pathsBelow(to)) {
          const file = byPath.get(path);
          if (file?.kind !== 'file') continue;
          assert.ok(readFileSync(join(to, path)).equals(both.phone.disk.read(file)), path);
        }
        assert.ok(disk.usedBytes > 0);
      });
    }

    test('are not mixed with what lies in a folder already', async () => {
      const to = join(both.directory, 'used');
      mkdirSync(join(to, 'mine'), { recursive: true });
      assert.equal((await cli('get', 'latest', 'HomeDomain', '--to', to)).error, undefined);
      assert.equal((await cli('get', 'latest', 'HomeDomain', '--to', to)).status, 28);
      const again = await get('again', 'latest', 'HomeDomain');
      assert.equal((await cli('get', 'latest', 'HomeDomain', '--to', again)).status, 28);
      assert.equal((await cli('get', 'latest', 'HomeDomain', '--to', again, '--overwrite')).status, 0);
      assertSame(again, files.filter(isIn('HomeDomain')), both);
    });
  });
}

const isIn =
  (domain: string, path = '') =>
  (file: PhoneFile): boolean =>
    file.domain === domain && (path === '' || file.relativePath === path || file.relativePath.startsWith(`${path}/`));

const pathOf = ({ domain, relativePath }: PhoneFile): string => `${domain}/${relativePath}`;
const nameOf = ({ relativePath }: PhoneFile): string =>
  relativePath.split('/').at(-1)?.normalize('NFC').toLowerCase() ?? '';
const pathsOf = ({ events }: CliResult): string[] =>
  events.map(({ domain, path }) => `${String(domain)}/${String(path)}`).toSorted();

/** Checks that a folder holds these files of a phone as they were there, and nothing else. */
function assertSame(
  dir: string,
  expected: readonly PhoneFile[],
  { phone }: PhoneAndVault,
  besides: readonly string[] = [],
): void {
  const renamed = renamedIn(dir);
  const left = new Set(pathsBelow(dir));
  for (const file of expected) {
    const was = `${file.domain}/${file.relativePath}`;
    const path = renamed.get(was) ?? was.replace(/\/$/, '');
    left.delete(path);
    if (file.kind === 'symlink') assertLink(dir, path, file, left);
    else assertEntry(join(dir, path), file, file.kind === 'file' ? Buffer.from(phone.disk.read(file)) : undefined);
  }
  // Folders above what was asked for are there as well.
  for (const path of left) if (lstatSync(join(dir, path)).isDirectory()) left.delete(path);
  assert.deepEqual([...left], besides);
}

function assertEntry(path: string, file: PhoneFile, content: Buffer | undefined): void {
  const stats: Stats = lstatSync(path);
  assert.equal(stats.isDirectory(), file.kind === 'directory', path);
  if (content !== undefined) assert.ok(readFileSync(path).equals(content), `${path} has another content`);
  assert.equal(Math.floor(stats.mtimeMs / 1000), Math.floor(file.modifiedAt.getTime() / 1000), path);
  const isDomain = file.relativePath === '';
  const owner = file.kind === 'file' ? 0o600 : 0o700;
  assert.equal(stats.mode & 0o7777, isDomain ? 0o700 : (file.mode & 0o777) | owner, path);
}

/** A link that led out of its domain is a text file that says so. */
function assertLink(dir: string, path: string, { linkTarget = '', relativePath }: PhoneFile, left: Set<string>): void {
  const depth = relativePath.split('/').length - 1;
  const ups = linkTarget.split('/').filter((name) => name === '..').length;
  if (!linkTarget.startsWith('/') && ups <= depth) {
    assert.equal(readlinkSync(join(dir, path)), linkTarget);
    return;
  }
  assert.match(
    readFileSync(join(dir, `${path}.link.txt`), 'utf8'),
    new RegExp(`:\n${linkTarget.replaceAll('.', '\\.')}\n$`),
  );
  left.delete(`${path}.link.txt`);
}

function pathsBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path !== '.holdfast-export' && path !== 'Renamed files.csv' && path !== 'Problems.csv',
  );
}

/** What has another path here than on the phone. */
function renamedIn(dir: string): Map<string, string> {
  const table = join(dir, 'Renamed files.csv');
  const text = existsSync(table) ? readFileSync(table, 'utf8') : '';
  const lines = text.split('\r\n').slice(1, -1);
  return new Map(lines.map((line) => cellsOf(line)));
}

function cellsOf(line: string): [string, string] {
  const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
  return [cells[0] ?? '', cells[1] ?? ''];
}
