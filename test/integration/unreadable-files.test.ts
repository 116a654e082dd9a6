/** Backups with files that are there and cannot be read: a bad disk, a damaged vault. What can be read comes out. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileIdOf } from '../../src/snapshot/index.ts';
import { holdfast, type CliEvent } from '../support/holdfast-cli.ts';
import { backUpLifelikePhone, type LifelikeBackup } from '../support/lifelike-backup.ts';

describe('files that are there and cannot be read', () => {
  let root: string;
  let whole: LifelikeBackup;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'holdfast-'));
    whole = await backUpLifelikePhone(root);
  });
  after(() => rm(root, { recursive: true, force: true }));

  test('a database: its kind is named, everything else is taken out', async () => {
    const folder = await copyWith('database', ['HomeDomain', 'Library/SMS/sms.db']);
    const { status, events, error } = await extract('everything', folder);
    assert.equal(status, 31);
    assert.match(String(error?.['message']), /sms\.db could not be read/);
    const states = new Map(events.flatMap(({ event, kind, state }) => (event === 'kind' ? [[kind, state]] : [])));
    assert.equal(states.get('messages'), 'unreadable');
    for (const kind of ['contacts', 'notes', 'photos', 'calendar', 'voicemail']) assert.equal(states.get(kind), 'done');
  });

  test('settings: what else is in the backup is told', async () => {
    const folder = await copyWith('lists', ['HomeDomain', 'Library/Preferences/com.apple.MobileSMS.plist']);
    const { status, stderr } = await holdfast(['show', folder, '--json'], {});
    assert.equal(status, 0, stderr);
  });

  test('attachments, recordings, photos and files of notes: the rest of their kind is taken out', async () => {
    using backup = await whole.open();
    const media = /\.(?:jpe?g|heic|png|mov|m4a|caf|amr|pdf)$/i;
    const entries = [...backup.manifest.entries()].filter(
      ({ kind, relativePath }) => kind === 'file' && media.test(relativePath),
    );
    assert.ok(entries.length > 50);
    const folder = await copyWith(
      'media',
      ...entries.map(({ domain, relativePath }) => [domain, relativePath] as const),
    );
    for (const kind of ['messages', 'photos', 'voice-memos', 'voicemail', 'notes', 'whatsapp']) {
      const { status, stderr, events } = await extract(kind, folder);
      assert.equal(status, 0, `${kind}: ${stderr}`);
      assert.equal(events.find(({ event }) => event === 'kind')?.['state'], 'done', kind);
    }
    for (const format of ['pdf', 'eml']) {
      const { status, stderr } = await extract('messages', folder, '--format', format);
      assert.equal(status, 0, `${format}: ${stderr}`);
    }
  });

  test('searching finds what is in the other kinds', async () => {
    const folder = await copyWith('search', ['HomeDomain', 'Library/SMS/sms.db']);
    const { status, stderr } = await holdfast(['search', 'a', '--snapshot', folder, '--json'], {});
    assert.equal(status, 0, stderr);
  });

  test('a search works where its index cannot be kept', async () => {
    const home = { HOLDFAST_HOME: join(root, 'home') };
    const imported = await holdfast(['import', whole.dir, '--json'], { env: home });
    assert.equal(imported.status, 0, imported.stderr);
    // Nothing can be read or written below what is no folder, whoever tries.
    const inTheWay = join(root, 'home', 'state', 'search');
    await writeFile(inTheWay, '');
    const { status, stderr, events } = await holdfast(['search', 'a', '--json'], { env: home });
    assert.equal(status, 0, stderr);
    assert.ok(events.length > 0);
    await rm(inTheWay);
  });

  test('an object of the vault that is damaged is told as what it is', async () => {
    const home = { HOLDFAST_HOME: join(root, 'home') };
    await damageSegments(join(root, 'home', 'vault', 'segments'));
    const to = join(root, 'damaged-vault');
    const { status, error } = await holdfast(['extract', 'everything', 'latest', '--to', to, '--json'], { env: home });
    assert.ok(status === 31 || status === 21, JSON.stringify(error));
    assert.notEqual(error?.['code'], 'BUG', JSON.stringify(error));
  });

  /** A copy of the backup in which a folder stands where the content of each of these files should be. */
  async function copyWith(
    name: string,
    ...files: readonly (readonly [domain: string, path: string])[]
  ): Promise<string> {
    const folder = join(root, name);
    await cp(whole.dir, folder, { recursive: true });
    for (const [domain, path] of files) {
      const id = fileIdOf(domain, path);
      const place = join(folder, id.slice(0, 2), id);
      await rm(place);
      await mkdir(place);
    }
    return folder;
  }

  let taken = 0;
  async function extract(
    kind: string,
    folder: string,
    ...options: readonly string[]
  ): Promise<{ status: number | undefined; stderr: string; events: readonly CliEvent[]; error: CliEvent | undefined }> {
    return holdfast(['extract', kind, folder, '--to', join(root, `out-${taken++}`), '--json', ...options], {});
  }
});

/** Flips a byte in every kilobyte behind the headers. */
async function damageSegments(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const bytes = await readFile(join(dir, name));
    for (let at = 4096; at < bytes.length; at += 1024) bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await rm(join(dir, name));
    await writeFile(join(dir, name), bytes);
  }
}
