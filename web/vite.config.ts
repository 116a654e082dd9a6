import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev:web` finds the service; the built interface is served by the service itself. */
const SERVICE = process.env['HOLDFAST_SERVICE'] ?? 'http://127.0.0.1:8480';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: join(import.meta.dirname, '../node_modules/.cache/vite'),
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, '../dist/web'),
    emptyOutDir: true,
    // Nothing is put into the page itself: the policy of the service allows files of its own and no `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome120', 'firefox121', 'safari17.4'],
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: SERVICE, changeOrigin: true } } },
});
