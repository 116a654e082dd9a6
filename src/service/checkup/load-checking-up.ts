/**
 * Checkups, loaded when they are asked for: they bring copies, deep verification and the making of PDFs with them, and
 * every command loads this folder.
 */
export async function loadCheckingUp(): Promise<typeof import('./checking-up.ts')> {
  return import('./checking-up.ts');
}
