/*
 * Keeps the shell (scripts, styles, icons) so that the interface opens at once, and shows a page of its own while the
 * service cannot be reached. What the service answers is never kept: nobody finds backups in the cache of a browser.
 * Each build registers this under another address; its cache replaces the one before.
 */
const BUILD = new URL(self.location.href).searchParams.get('build') ?? '';
const CACHE = `shell ${BUILD}`;
const OFFLINE = '/offline.html';
const AT_ONCE = [OFFLINE, '/offline.css', '/offline.js', '/icon.svg'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...AT_ONCE, `/assets/${BUILD}`])));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (isShell(url.pathname)) event.respondWith(kept(request));
});

/** Files whose name changes with their content, and the few that are needed while offline. */
function isShell(path) {
  return path.startsWith('/assets/') || AT_ONCE.includes(path);
}

/** A page always comes from the service, which knows the newest; only where it cannot be reached is it ours. */
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}
