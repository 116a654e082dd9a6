/**
 * Where each address was scrolled to, so that going back leads to the same photo, not to the top of the gallery. The
 * browser's own memory is too early: it acts before a page has anything to scroll through.
 */
const places = new Map<string, number>();
let wentBack = false;

window.history.scrollRestoration = 'manual';
window.addEventListener('popstate', () => (wentBack = true));
window.addEventListener('scroll', () => places.set(window.location.pathname, window.scrollY), { passive: true });

/** To be called when a page is shown: goes to where it was when one comes back to it, to its top otherwise. */
export function placePage(): void {
  const place = wentBack ? (places.get(window.location.pathname) ?? 0) : 0;
  wentBack = false;
  window.scrollTo(0, place);
}
