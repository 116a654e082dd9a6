import { parentPort } from 'node:worker_threads';
import { readFiles, type ReadTask } from './read-task.ts';

/** The thread that reads small files of an imported folder: takes a task, answers with its outcome. */
parentPort?.on('message', (task: ReadTask) => {
  const outcome = readFiles(task);
  parentPort?.postMessage(outcome, [outcome.buffer]);
});
