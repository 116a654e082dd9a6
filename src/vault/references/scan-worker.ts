import { parentPort } from 'node:worker_threads';
import { isAppError } from '../../shared/errors.ts';
import { scanLists, type ListChain, type ListReferences } from './scan-lists.ts';

/** The thread that reads lists: takes a chain of them, answers with what they name; with nothing when one is damaged. */
parentPort?.on('message', (chain: ListChain) => {
  const references = tryScanning(chain);
  const buffers = references?.flatMap(({ high, low, sizes, isLast }) => [
    high.buffer,
    low.buffer,
    sizes.buffer,
    isLast.buffer,
  ]);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(references, buffers ?? []);
});

function tryScanning(chain: ListChain): ListReferences[] | undefined {
  try {
    return scanLists(chain);
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}
