/** Pages of a PDF, loaded when one is written: it brings fonts and all, 100 ms and 20 MB, and most programs write none. */
export async function loadSheet(): Promise<typeof import('./messages/pdf/sheet.ts')> {
  return import('./messages/pdf/sheet.ts');
}
