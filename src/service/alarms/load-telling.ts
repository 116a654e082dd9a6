/** What the command line needs of telling people, loaded when it is asked for: every command loads this folder. */
export async function loadTelling(): Promise<typeof import('./telling-tools.ts')> {
  return import('./telling-tools.ts');
}
