import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createKeybag, encryptFileContent, type ClassKeys } from '../../keybag/index.ts';
import {
  Backup,
  createManifestDatabase,
  encodeMbFile,
  fileIdOf,
  folderSource,
  openManifest,
  type EntryKind,
} from '../../snapshot/index.ts';
import { ExportFolder } from '../folder/export-folder.ts';
import { takeOutFiles, type TakeOutFilesEvent } from './take-out-files.ts';

let dir = '';
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-')));
  mkdirSync(join(dir, 'backup'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Entry {
  readonly domain: string;
  readonly path: string;
  readonly kind?: EntryKind;
  readonly content?: Uint8Array;
  readonly linkTarget?: string;
  readonly mode?: number;
  /** Instead of an archive of these facts. */
  readonly archive?: Uint8Array;
}

type Events = readonly TakeOutFilesEvent[];

describe('taking files out', () => {
  test('keeps a file with nothing in it, one of a block, and one of several pieces', async () => {
    const { classKeys } = await createKeybag('x', { iterations: 1, doubleIterations: 0 });
    for (const keys of [undefined, classKeys]) {
      const sizes = [0, 1, 15, 16, 17, 4096, 262_128, 262_143, 262_144, 262_145, 524_288, 1_000_000];
      const entries = sizes.map((size) => ({ domain: 'D', path: `${size}`, content: Buffer.alloc(size, `${size} `) }));
      const { done } = await takeOut(entries, { classKeys: keys });
      assert.equal(done.files, sizes.length);
      for (const { path, content } of entries) assert.deepEqual(readFileSync(join(out(), 'D', path)), content);
    }
  });

  test('tells each file that has no content, no readable entry, no key, and takes out all others', async () => {
    const { classKeys } = await createKeybag('x', { iterations: 1, doubleIterations: 0 });
    const other = await createKeybag('y', { iterations: 1, doubleIterations: 0 });
    writeBackup(
      [
        { domain: 'D', path: 'good', content: Buffer.from('good') },
        { domain: 'D', path: 'missing' },
        { domain: 'D', path: 'damaged entry', content: Buffer.from('x'), archive: Buffer.from('garbage') },
      ],
      classKeys,
    );
    appendRows([{ domain: 'D', path: 'of another device', content: Buffer.from('x') }], other.classKeys);
    const { problems, done } = await run(classKeys);
    assert.deepEqual(problems, ['D/damaged entry no-facts', 'D/missing missing', 'D/of another device no-key']);
    assert.deepEqual([done.files, done.problemTable], [1, 'Problems.csv']);
    assert.equal(readFileSync(join(out(), 'D', 'good'), 'utf8'), 'good');
    assert.deepEqual(visible('D'), ['good']);
  });

  test('keeps what there is of a file whose end is damaged', async () => {
    const { classKeys } = await createKeybag('x', { iterations: 1, doubleIterations: 0 });
    const content = Buffer.alloc(100, 'abc');
    writeBackup([{ domain: 'D', path: 'cut', content }], classKeys);
    const stored = storedPath('D', 'cut');
    writeFileSync(stored, readFileSync(stored).subarray(0, 64));
    const { problems, done } = await run(classKeys);
    assert.deepEqual([problems, done.files], [['D/cut damaged'], 1]);
    assert.deepEqual(readFileSync(join(out(), 'D', 'cut')), content.subarray(0, 64));
  });

  test('follows no link and waits for no pipe where the backup should have content', async () => {
    const secret = join(dir, 'secret');
    writeFileSync(secret, 'secret');
    const entries = ['link', 'folder'].map((path) => ({ domain: 'D', path }));
    writeBackup(entries);
    mkdirSync(dirname(storedPath('D', 'link')), { recursive: true });
    symlinkSync(secret, storedPath('D', 'link'));
    mkdirSync(storedPath('D', 'folder'), { recursive: true });
    const { problems } = await run();
    assert.deepEqual(problems, ['D/folder unreadable', 'D/link unreadable']);
  });

  test('makes links that stay within their domain, and leaves a note for the others', async () => {
    const { done, problems } = await takeOut([
      { domain: 'D', path: 'a/file', content: Buffer.from('x') },
      { domain: 'D', path: 'b/inside', kind: 'symlink', linkTarget: '../a/file' },
      { domain: 'D', path: 'b/outside', kind: 'symlink', linkTarget: '../../../etc/passwd' },
      { domain: 'D', path: 'b/absolute', kind: 'symlink', linkTarget: '/etc/passwd' },
      // Whatever is below the name of a link is written beside it, never through it.
      { domain: 'D', path: 'trap', kind: 'symlink', linkTarget: 'a' },
      { domain: 'D', path: 'trap/file', content: Buffer.from('y') },
    ]);
    assert.deepEqual([done.links, problems], [4, ['D/b/absolute link-outside', 'D/b/outside link-outside']]);
    assert.equal(readlinkSync(join(out(), 'D/b/inside')), '../a/file');
    assert.match(readFileSync(join(out(), 'D/b/absolute.link.txt'), 'utf8'), /\/etc\/passwd/);
    assert.equal(readFileSync(join(out(), 'D/a/file'), 'utf8'), 'x');
    assert.deepEqual(
      [lstatSync(join(out(), 'D/trap')).isDirectory(), readlinkSync(join(out(), 'D/trap (2)'))],
      [true, 'a'],
    );
  });

  test('never writes through a link that an earlier version left', async () => {
    const outside = join(dir, 'outside');
    mkdirSync(outside);
    await takeOut([{ domain: 'D', path: 'x', kind: 'symlink', linkTarget: 'y' }]);
    rmSync(join(out(), 'D', 'x'));
    symlinkSync(outside, join(out(), 'D', 'x'));
    symlinkSync(join(outside, 'file'), join(out(), 'D', 'f'));
    writeBackup([
      { domain: 'D', path: 'x/file', content: Buffer.from('new') },
      { domain: 'D', path: 'f', content: Buffer.from('new') },
    ]);
    await run(undefined, { overwrite: true });
    assert.deepEqual(readdirSync(outside), []);
    assert.equal(readFileSync(join(out(), 'D', 'f'), 'utf8'), 'new');
  });

  test('replaces files of an earlier time where that is wanted', async () => {
    await takeOut([{ domain: 'D', path: 'x', content: Buffer.from('a long old one') }]);
    utimesSync(join(out(), 'D', 'x'), 1, 1);
    writeBackup([{ domain: 'D', path: 'x', content: Buffer.from('new') }]);
    await run(undefined, { overwrite: true });
    assert.equal(readFileSync(join(out(), 'D', 'x'), 'utf8'), 'new');
    assert.equal(lstatSync(join(out(), 'D', 'x')).mtimeMs, 1.6e12);
  });

  test('ends at once when it is stopped, with nothing half-written', async () => {
    const entries = Array.from({ length: 500 }, (_, i) => ({ domain: 'D', path: `${i}`, content: Buffer.alloc(5000) }));
    const stop = new AbortController();
    await assert.rejects(
      takeOut(entries, { signal: stop.signal, onEvent: () => stop.abort(new Error('stopped')) }),
      /stopped/,
    );
    assert.deepEqual(readdirSync(join(out(), '.holdfast-export')), []);
    for (const name of existsSync(join(out(), 'D')) ? visible('D') : []) {
      assert.equal(lstatSync(join(out(), 'D', name)).size, 5000);
    }
  });

  test('finds a place for a path longer than any system takes', async () => {
    const path = `${'Ordner/'.repeat(700)}${'x'.repeat(100)}`;
    const { done } = await takeOut([{ domain: 'D', path, content: Buffer.from('deep down') }]);
    assert.deepEqual([done.files, done.renamed], [1, 1]);
    const [, row = ''] = readFileSync(join(out(), done.renamedTable ?? ''), 'utf8').split('\r\n');
    const placed = row.split(',')[1] ?? '';
    assert.ok(placed.length < 950);
    assert.equal(readFileSync(join(out(), placed), 'utf8'), 'deep down');
  });

  test('finds nothing where nothing was selected', async () => {
    await assert.rejects(takeOut([]), { code: 'CONTENT_NOT_FOUND' });
  });
});

test('a hostile list of files harms nothing outside of the folder, and no file takes the place of another', async () => {
  const name = fc.oneof(
    fc.constantFrom(
      '..',
      '.',
      '',
      'a',
      'A',
      'CON',
      'e\u0301',
      'é',
      '\\',
      'C:',
      '.holdfast-export',
      'Renamed files.csv',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('x'.repeat(300), '👩‍👩‍👧'.repeat(30)),
  );
  const path = fc.oneof(
    fc.array(name, { maxLength: 6 }).map((names) => names.join('/')),
    fc.constantFrom('/etc/passwd', '../../../../x', 'd/'.repeat(120)),
  );
  const entry = fc.record({
    domain: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('D', 'd', 'AppDomain-x') },
      { weight: 1, arbitrary: name },
    ),
    path,
    kind: fc.constantFrom<EntryKind>('file', 'file', 'file', 'directory', 'symlink'),
    linkTarget: fc.oneof(path, fc.constantFrom('a', '../a', '..', '/', 'a/../../..')),
    mode: fc.nat(0o7777),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(entry, { maxLength: 25, selector: (each) => `${each.domain}-${each.path}` }),
      async (all) => {
        rmSync(dir, { recursive: true, force: true });
        mkdirSync(join(dir, 'backup'), { recursive: true });
        const entries = all.map((each, index) => ({ ...each, content: Buffer.from(`content ${index}`) }));
        if (entries.length === 0) return;
        const { done } = await takeOut(entries);
        const files = entries.filter(({ kind }) => kind === 'file');
        assert.equal(done.files, files.length);
        assert.deepEqual(readdirSync(dir).toSorted(), ['backup', 'out']);
        assert.deepEqual(contentsBelow(out()).toSorted(), files.map(({ content }) => content.toString()).toSorted());
      },
    ),
    { numRuns: 12 },
  );
});

/** The contents of all files, having checked that no link leads out and nothing may run as somebody else. */
function contentsBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) {
      const leads = existsSync(path) ? realpathSync(path) : out();
      assert.ok(leads === out() || leads.startsWith(`${out()}/`), `${path} leads to ${leads}`);
      return [];
    }
    assert.equal(stats.mode & 0o7000, 0);
    if (stats.isDirectory()) return contentsBelow(path);
    const content = readFileSync(path, 'utf8');
    return content.startsWith('content ') ? [content] : [];
  });
}

const out = (): string => join(dir, 'out');
const visible = (folder: string): string[] => readdirSync(join(out(), folder)).toSorted();

interface RunOptions {
  readonly classKeys?: ClassKeys | undefined;
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: () => void;
}

interface Taken {
  readonly done: Extract<TakeOutFilesEvent, { kind: 'done' }>;
  /** "DOMAIN/PATH problem" */
  readonly problems: readonly string[];
}

/** Takes everything out of a backup that holds these entries and nothing else. */
function takeOut(entries: readonly Entry[], options: RunOptions = {}): Promise<Taken> {
  rmSync(out(), { recursive: true, force: true });
  writeBackup(entries, options.classKeys);
  return run(options.classKeys, options);
}

async function run(classKeys?: ClassKeys, { overwrite = false, signal, onEvent }: RunOptions = {}): Promise<Taken> {
  const source = folderSource(join(dir, 'backup'));
  using manifest = await openManifest(source);
  using backup = new Backup({ source, manifest, info: undefined, facts: undefined, classKeys });
  const folder = await ExportFolder.create(out(), { overwrite });
  const events: TakeOutFilesEvent[] = [];
  for await (const event of takeOutFiles({ backup, folder, selection: { places: [], apps: [] }, signal })) {
    events.push(event);
    onEvent?.();
  }
  return { done: doneIn(events), problems: problemsIn(events) };
}

function doneIn(events: Events): Taken['done'] {
  const done = events.at(-1);
  assert.ok(done?.kind === 'done');
  return done;
}

function problemsIn(events: Events): string[] {
  return events
    .flatMap((event) => (event.kind === 'problem' ? [`${event.domain}/${event.relativePath} ${event.problem}`] : []))
    .toSorted();
}

const storedPath = (domain: string, path: string): string => {
  const id = fileIdOf(domain, path);
  return join(dir, 'backup', id.slice(0, 2), id);
};

let rows: { entry: Entry; keys: ClassKeys | undefined }[] = [];

function writeBackup(entries: readonly Entry[], classKeys?: ClassKeys): void {
  rows = [];
  appendRows(entries, classKeys);
}

function appendRows(entries: readonly Entry[], keys?: ClassKeys): void {
  rows.push(...entries.map((entry) => ({ entry, keys })));
  const manifest = createManifestDatabase(join(dir, 'backup', 'Manifest.db'));
  for (const { entry, keys: classKeys } of rows) {
    const { domain, path, kind = 'file', content, linkTarget, mode = 0o644 } = entry;
    const key = Buffer.alloc(32, path.length + 1);
    const encryptionKey = kind === 'file' ? classKeys?.wrapFileKey(3, key) : undefined;
    const archive = encodeMbFile({
      relativePath: path,
      sizeBytes: content?.length ?? 0,
      mode,
      userId: 501,
      groupId: 501,
      inode: 1,
      modifiedAt: new Date(1.6e12),
      protectionClass: 3,
      flags: 0,
      ...(linkTarget !== undefined && { linkTarget }),
      ...(encryptionKey && { encryptionKey }),
    });
    const fileId = fileIdOf(domain, path);
    manifest.put({ fileId, domain, relativePath: path, kind, file: entry.archive ?? archive });
    if (content === undefined || kind !== 'file') continue;
    mkdirSync(dirname(storedPath(domain, path)), { recursive: true });
    writeFileSync(storedPath(domain, path), classKeys === undefined ? content : encryptFileContent(key, content));
  }
  manifest.finish();
}
