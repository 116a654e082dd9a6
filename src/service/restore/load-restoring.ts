/**
 * Restoring, loaded when it is asked for: it brings the reading of all content with it, two fifths of the product, and
 * every command loads this folder.
 */
export async function loadRestoring(): Promise<typeof import('./entrance.ts')> {
  return import('./entrance.ts');
}
