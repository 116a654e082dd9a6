/** `holdfast serve` as a process of its own, and what it answers over its socket. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Job, Overview, TryEntry } from '../../src/contract/index.ts';
import { askLocally, localSocketPath } from '../../src/server/index.ts';
import { startHoldfast, type CliEvent, type RunningCli } from './holdfast-cli.ts';

const POLL_MS = 20;
const PATIENCE_MS = 30_000;

export class Serving implements AsyncDisposable {
  readonly cli: RunningCli;
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  /** Where it can be reached, once it has said so; undefined where it ended before. */
  readonly said: Promise<CliEvent | undefined>;

  /** Starts it with these places, for `HOLDFAST_HOME` is one of them. */
  constructor(env: Readonly<Record<string, string>>) {
    this.env = env;
    this.home = env['HOLDFAST_HOME'] ?? '';
    const { promise, resolve } = Promise.withResolvers<CliEvent>();
    this.cli = startHoldfast(['serve', '--port', '0', '--no-network', '--json'], {
      env,
      onEvent: (event) => void (event['event'] === 'serving' && resolve(event)),
    });
    this.said = Promise.race([promise, this.cli.ended.then(() => undefined)]);
  }

  /** Starts it and waits until it answers. */
  static async start(env: Readonly<Record<string, string>>): Promise<Serving> {
    const serving = new Serving(env);
    if ((await serving.said) === undefined) assert.fail((await serving.cli.ended).stderr);
    return serving;
  }

  /** Asks over the socket, as commands do. Undefined where nobody answers. */
  async ask(path: string, method = 'GET', body?: unknown): Promise<unknown> {
    const socket = localSocketPath(join(this.home, 'state'));
    const answer = await askLocally(socket, `/${path}`, { method, ...(body === undefined ? {} : { body }) });
    return answer?.status === 204 ? undefined : answer?.json();
  }

  async jobs(): Promise<Job[]> {
    return Job.array().parse(await this.ask('jobs'));
  }

  async history(udid: string): Promise<TryEntry[]> {
    return TryEntry.array().parse(await this.ask(`devices/${udid}/history`));
  }

  /** Waits until so many devices are there and have told how they are. */
  async sees(count: number): Promise<void> {
    await this.until('the devices', async () => {
      const { devices } = Overview.parse(await this.ask('overview'));
      return devices.filter(({ link, model }) => link !== undefined && model !== undefined).length >= count;
    });
  }

  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > deadlineMs) assert.fail(`${what}: not within ${PATIENCE_MS} ms`);
      await delay(POLL_MS);
    }
  }

  /** Tells it to stop, and waits until it has. */
  async stop(): Promise<void> {
    this.cli.process.kill('SIGTERM');
    const { status, stderr } = await this.cli.ended;
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /"level":"error"/);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cli.process.kill('SIGKILL');
    await this.cli.ended;
  }
}
