/**
 * Builds the interface where it is older than what it is made of, so that `npm start` and `npm run demo` show the newest
 * after `npm ci`, a pull or an edit, and lose no second otherwise. (`npm ci` runs no scripts in this repository.)
 */
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = [
  'web/index.html',
  'web/vite.config.ts',
  'web/{src,public}/**/*',
  'src/contract/**/*.ts',
  'package-lock.json',
];

const OUT_DIR = process.env['HOLDFAST_WEB_DIR'] ?? join(ROOT, 'dist/web');

const built = statSync(join(OUT_DIR, 'index.html.gz'), { throwIfNoEntry: false })?.mtimeMs;
const isOld = built === undefined || globSync(SOURCES, { cwd: ROOT }).some((file) => isNewer(join(ROOT, file), built));
if (isOld) {
  const { build } = await import('vite');
  await build({ configFile: join(ROOT, 'web/vite.config.ts'), logLevel: 'warn' });
}

function isNewer(file: string, thanMs: number): boolean {
  const stat = statSync(file);
  return stat.isFile() && stat.mtimeMs > thanMs;
}
