import { parentPort } from 'node:worker_threads';
import { FileCopier, type CopyTask } from './copy-task.ts';

/** The thread that takes files out: takes a task, answers with its outcome. */
const copier = new FileCopier();

parentPort?.on('message', (task: CopyTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(copier.copy(task));
});
