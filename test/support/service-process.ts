/**
 * The service alone in a process, in a time that runs fast: what this process takes, the service takes. Its parent asks
 * over the channel between them. Arguments: how fast. To be run with `--expose-gc`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import v8 from 'node:v8';
import { giveFreedMemoryBack } from '../../src/database/index.ts';
import { startService } from '../../src/service/index.ts';
import { openFilesIn } from '../../src/shared/files/open-files.test-helper.ts';
import { placesFor } from '../../src/shared/files/places.ts';
import { FastClock } from './fast-clock.ts';
import type { ServiceAnswers, ServiceQuestion } from './service-apart.ts';

// As bin/holdfast.js has it.
v8.setFlagsFromString('--semi-space-growth-factor=1');
v8.setFlagsFromString('--heap-growing-percent=100');
const { env } = process;
const places = placesFor(env);
const mistakes: string[] = [];
const logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (message: string, facts: object = {}) => void mistakes.push(`${message} ${JSON.stringify(facts)}`),
};
const before = handles();
const clock = FastClock.fromNoon(Number(process.argv[2]));
const service = await startService({ places, env, logger, clock, network: false });

const ANSWERS: {
  readonly [K in keyof ServiceAnswers]: (udid: string) => Promise<ServiceAnswers[K]> | ServiceAnswers[K];
} = {
  history: (udid) => service.history(udid),
  now: () => clock.now().toISOString(),
  memory() {
    globalThis.gc?.();
    giveFreedMemoryBack();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { usedBytes: heapUsed + external, residentBytes: rss };
  },
  async stop() {
    await service[Symbol.asyncDispose]();
    await delay(100);
    const after = handles();
    const left = after.filter((name, i) => after.indexOf(name) === i && count(after, name) > count(before, name));
    return { mistakes, left: [...left, ...openFilesIn(places.vaultDir)] };
  },
};

process.on('message', (question: ServiceQuestion) => void answer(question));
process.on('disconnect', () => process.exit());
process.send?.({ id: 0, answer: 'ready' });

async function answer({ id, ask, udid = '' }: ServiceQuestion): Promise<void> {
  process.send?.({ id, answer: await ANSWERS[ask](udid) });
}

/** Sockets, timers and files that the process holds. */
function handles(): string[] {
  const passing = ['Timeout', 'Immediate', 'TTYWrap', 'PipeWrap', 'FSReqPromise'];
  return process.getActiveResourcesInfo().filter((name) => !passing.includes(name));
}

function count(names: readonly string[], wanted: string): number {
  return names.filter((name) => name === wanted).length;
}
