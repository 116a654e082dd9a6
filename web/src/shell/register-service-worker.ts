/**
 * Lets the interface be installed and open quickly: the worker keeps the shell, never an answer of the service. Each
 * build has a name of its own in the address, so that an update replaces what the last one kept.
 */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const build = new URL(import.meta.url).pathname.split('/').at(-1) ?? '';
  window.addEventListener('load', () => {
    // Without a worker everything works but the page that is shown while the network is away.
    navigator.serviceWorker.register(`/service-worker.js?build=${encodeURIComponent(build)}`).catch(() => undefined);
  });
}
