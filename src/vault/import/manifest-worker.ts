import { parentPort } from 'node:worker_threads';
import { checkManifest, type ManifestChecks } from './manifest-check.ts';

/** The thread that looks through a folder's manifest: takes the folder, answers with the checks. */
parentPort?.on('message', (folder: string) => void checkManifest(folder).then(answer));

function answer(checks: ManifestChecks): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(checks);
}
