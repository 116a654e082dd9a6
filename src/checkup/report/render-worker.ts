import { parentPort } from 'node:worker_threads';
import { renderReport, type RenderTask } from './render.ts';

/** The thread that makes the pages of a report. */
parentPort?.on('message', ({ report, sha256, language }: RenderTask) => {
  void renderReport(report, sha256, language).then((pages) =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    parentPort?.postMessage(pages),
  );
});
