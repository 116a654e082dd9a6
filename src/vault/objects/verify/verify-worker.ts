import { parentPort } from 'node:worker_threads';
import { Disk } from '../../durability.ts';
import { newVerifyBuffer, verifyTask, type VerifyTask } from './verify-task.ts';

/** The thread that `verify` shares its work with: takes a task, answers with its outcome. */
const disk = new Disk();
const buffer = newVerifyBuffer();

parentPort?.on('message', (task: VerifyTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(verifyTask(disk, task, buffer));
});
