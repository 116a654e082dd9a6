import type { ContentExport } from './kind.ts';

/** Everything that can be taken out. Loaded when asked for: it is most of the product's code. */
export async function loadContentExports(): Promise<readonly ContentExport[]> {
  const { CONTENT_EXPORTS } = await import('./registry.ts');
  return CONTENT_EXPORTS;
}
