import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev:web` finds the service; the built interface is served by the service itself. */
const SERVICE = process.env['HOLDFAST_SERVICE'] ?? 'http://127.0.0.1:7373';
/** Another folder lets somebody look at pages while somebody else builds. */
const OUT_DIR = process.env['HOLDFAST_WEB_DIR'] ?? join(import.meta.dirname, '../dist/web');

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: join(import.meta.dirname, '../node_modules/.cache/vite'),
  plugins: [react(), compress()],
  build: {
    outDir: OUT_DIR,
    emptyOutDir: true,
    // Nothing is put into the page itself: the policy of the service allows files of its own and no `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome120', 'firefox121', 'safari17.4'],
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // A file of the contract that a page does not use does nothing by being loaded: schemas go with the pages that use them.
      treeshake: { moduleSideEffects: [{ test: /\/src\/contract\//, sideEffects: false }] },
    },
  },
  server: { proxy: { '/api': { target: SERVICE, changeOrigin: true } } },
});

/** Puts each file beside itself compressed, so that the service does not have to compress it again for every visit. */
function compress(): Plugin {
  return {
    name: 'holdfast-compress',
    apply: 'build',
    async closeBundle() {
      const names = await readdir(OUT_DIR, { recursive: true });
      await Promise.all(names.filter((name) => /\.(js|css|html|svg|webmanifest)$/.test(name)).map(compressFile));
    },
  };
}

async function compressFile(name: string): Promise<void> {
  const path = join(OUT_DIR, name);
  const bytes = await readFile(path);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, options));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
