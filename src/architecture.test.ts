import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/**
 * Every folder of src/, lowest first. A folder may import only from the folders before it in this list, and only
 * their `index.ts`; `shared/` is open to all, file by file.
 */
const LAYERS = [
  'shared',
  'contract',
  'formats',
  'database',
  'keybag',
  'device',
  'snapshot',
  'vault',
  'content',
  'media',
  'export',
  'backup',
  'restore',
  'copies',
  'checkup',
  'notify',
  'service',
  'server',
  'virtual-iphone',
  'cli',
];

/** Powers that only some folders hold, by the module that gives them. */
const FENCES: { module: RegExp; folders: readonly string[] }[] = [
  { module: /^node:sqlite$/, folders: ['database'] },
  { module: /^node:child_process$/, folders: ['checkup', 'copies', 'media'] },
  {
    module: /^(node:(net|tls|http|https|http2|dgram)|multicast-dns)$/,
    folders: ['device', 'notify', 'server', 'virtual-iphone'],
  },
];

/** The live phone and the stored backup meet only in `backup` and `restore`. */
const STRANGERS: readonly [string, string][] = [
  ['snapshot', 'device'],
  ['vault', 'device'],
];

const files = globSync('src/**/*.ts', { cwd: ROOT });

test('imports between folders point downward and enter through index.ts', () => {
  const wrong = files.flatMap((file) =>
    ownImports(file)
      .filter((target) => folderOf(target) !== folderOf(file))
      .filter((target) => rank(target) >= rank(file) || !isEntrance(target))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('the live phone and the stored backup do not know each other', () => {
  const wrong = files.flatMap((file) =>
    ownImports(file)
      .filter((target) => STRANGERS.some(([from, to]) => folderOf(file) === from && folderOf(target) === to))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('dangerous modules stay behind their fences', () => {
  const wrong = files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      importsOf(file)
        .filter((module) =>
          FENCES.some((fence) => fence.module.test(module) && !fence.folders.includes(folderOf(file))),
        )
        .map((module) => `${file} imports ${module}`),
    );
  assert.deepEqual(wrong, []);
});

test('a backup starts without loading what reads content, restores, pairs, proves or looks for phones on Wi-Fi', () => {
  const loaded = loadedBy('src/cli/commands/backup/backup.ts');
  const foreign = ['contract', 'content', 'export', 'media', 'restore', 'copies', 'checkup', 'notify', 'server'];
  const lazy = /\/(doctor|encryption|verify-deep)\/|\/(mdns|pair-device|recovery-pages|verify-deeply)\.ts$/;
  const wrong = [...loaded].filter((file) => foreign.includes(folderOf(file)) || lazy.test(file));
  assert.ok(loaded.size > 100);
  assert.deepEqual(wrong, []);
});

/** What starting with a file loads before anything runs: types and what is imported later are not. */
function loadedBy(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const source = readFileSync(join(ROOT, file), 'utf8');
  const statements = source.matchAll(/(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^'"`;]*?from )?'(\.[^']+)'/g);
  for (const [, target = ''] of statements) loadedBy(normalize(join(dirname(file), target)), loaded);
  return loaded;
}

function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const targets = source.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from '([^']+)'|import\('([^']+)'\)/g);
  return [...targets].map(([, statically, dynamically]) => statically ?? dynamically ?? '');
}

function ownImports(file: string): string[] {
  return importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => normalize(join(dirname(file), target)));
}

/** The folder below src/ that a file lies in; '' for the files of src/ itself. */
function folderOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'src' && parts.length > 2 ? (parts[1] ?? '') : '';
}

const isEntrance = (path: string): boolean => folderOf(path) === 'shared' || path === `src/${folderOf(path)}/index.ts`;

function rank(path: string): number {
  const folder = folderOf(path);
  if (folder === '') return LAYERS.length;
  const index = LAYERS.indexOf(folder);
  assert.notEqual(index, -1, `${path} is in a folder that has no place in LAYERS`);
  return index;
}
