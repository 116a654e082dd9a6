import { parentPort } from 'node:worker_threads';
import { FileWriter, type WriteTask } from './write-task.ts';

/** The thread that writes exported files: takes a task, answers with its outcome. */
const writer = new FileWriter();

parentPort?.on('message', (task: WriteTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(writer.write(task));
});
