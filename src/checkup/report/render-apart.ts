import type { CheckupReport } from '../../contract/index.ts';
import { WorkerPool } from '../../shared/flow/worker-pool.ts';
import type { RenderTask } from './render.ts';

interface Pages {
  readonly html: string;
  readonly pdf: Uint8Array;
}

/**
 * The pages of a report, made in a thread of their own that ends with it: what makes PDFs, and its
 * fonts, are not kept all month by a service that makes one report a month.
 */
export async function renderReportApart(
  report: CheckupReport,
  sha256: string,
  language: 'en' | 'de',
): Promise<{ html: string; pdf: Buffer }> {
  await using pool = new WorkerPool<RenderTask, Pages>('./render-worker', import.meta.url, 1);
  const { html, pdf } = await pool.run({ report, sha256, language });
  return { html, pdf: Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength) };
}
