/**
 * Reading what is in versions, loaded when somebody first asks for it: it brings all that reads content with it, and a
 * service that nobody looks at does without.
 */
export async function loadBrowsing(): Promise<typeof import('./entrance.ts')> {
  return import('./entrance.ts');
}
