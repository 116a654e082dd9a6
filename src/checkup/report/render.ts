import type { CheckupReport } from '../../contract/index.ts';
import { htmlReport } from './html.ts';
import { pdfReport } from './pdf.ts';
import { viewOf } from './view.ts';

/** What a thread is asked for. */
export interface RenderTask {
  readonly report: CheckupReport;
  readonly sha256: string;
  readonly language: 'en' | 'de';
}

/** The pages of a report in a language. */
export async function renderReport(
  report: CheckupReport,
  sha256: string,
  language: 'en' | 'de',
): Promise<{ html: string; pdf: Buffer }> {
  const view = viewOf(report, sha256, language);
  return { html: htmlReport(view, language), pdf: await pdfReport(view, language, new Date(report.endedAt)) };
}
