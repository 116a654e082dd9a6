import { parentPort, workerData } from 'node:worker_threads';
import { ContentChecker, type ContentOutcome } from './check-content.ts';
import type { Parcel, ParcelReply } from './parcel.ts';

/** The thread that decrypts, hashes and looks into databases while the main one reads. Answers every parcel with one. */
const checker = new ContentChecker((workerData as { maxDatabaseBytes: number }).maxDatabaseBytes);

parentPort?.on('message', ({ buffer, steps }: Parcel) => {
  const outcomes: ContentOutcome[] = [];
  let at = 0;
  for (const step of steps) {
    if (step === 'end') outcomes.push(checker.end());
    else if (typeof step === 'number') checker.push(new Uint8Array(buffer, at, step));
    else checker.begin(step);
    if (typeof step === 'number') at += step;
  }
  const reply: ParcelReply = { buffer, outcomes };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(reply, [buffer]);
});
