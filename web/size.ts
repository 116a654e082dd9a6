/**
 * What the first visit downloads, compressed as a browser gets it: the page, what it names, and what the home page adds.
 * Ends with an error where that is more than it may be. Needs `npm run build:web` before.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const BUILT = process.env['HOLDFAST_WEB_DIR'] ?? join(import.meta.dirname, '../dist/web');
const MOST_BYTES = 200_000;

const page = await readFile(join(BUILT, 'index.html'), 'utf8');
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
const all = (await readdir(join(BUILT, 'assets')))
  .filter((file) => /\.(js|css)$/.test(file))
  .map((file) => `assets/${file}`);
const first = await withImports([...named, ...all.filter((file) => file.includes('/home-page-'))]);

let total = 0;
for (const file of ['index.html', ...first]) {
  const bytes = await compressedSize(file);
  total += bytes;
  print(file, bytes);
}
print('first load, gzip', total);
let rest = 0;
for (const file of all.filter((each) => !first.includes(each))) rest += await compressedSize(file);
print('later, page by page', rest);
if (total > MOST_BYTES) {
  process.stderr.write(`More than ${MOST_BYTES} bytes.\n`);
  process.exitCode = 1;
}

/** With whatever they load at once. */
async function withImports(files: readonly string[]): Promise<string[]> {
  const found = new Set(files);
  for (const file of found) {
    if (!file.endsWith('.js')) continue;
    const source = await readFile(join(BUILT, file), 'utf8');
    for (const [, target] of source.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) found.add(`assets/${target}`);
  }
  return [...found];
}

async function compressedSize(file: string): Promise<number> {
  return (await stat(join(BUILT, `${file}.gz`))).size;
}

function print(what: string, bytes: number): void {
  process.stdout.write(`${String(Math.round(bytes / 100) / 10).padStart(8)} KB  ${what}\n`);
}
