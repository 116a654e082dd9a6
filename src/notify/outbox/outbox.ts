import type { ChannelState, NotifyChannel } from '../../contract/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StateJson } from '../../shared/files/state-json.ts';
import type { Notice } from '../notice.ts';
import type { Sent } from '../send.ts';
import { hasCome, restAfterMs } from './backoff.ts';
import { ChannelLife, type Entry, type OutboxContent, outboxFile } from './outbox-file.ts';
import { takeIn } from './take-in.ts';

const DAY_MS = 86_400_000;
/** What could not be told for so long is given up: alarms that last are told anew anyway. */
const MAX_AGE_MS = 7 * DAY_MS;
const REMEMBERED_MS = 14 * DAY_MS;
/** Of one channel; nobody reads more after a long silence. */
const MAX_WAITING = 50;

/** Sends one notice over one channel. @throws {AppError} TELLING_FAILED and others; CANCELLED */
export type Deliver = (channel: NotifyChannel, notice: Notice) => Promise<Sent>;

/**
 * What waits to be told, kept over restarts. A notice is in here, durably, before `add` returns, and leaves when the other
 * side has taken it, when it is of no use any more, or after a week. Where the disk is full it waits in memory: that is the
 * moment in which somebody has to be told.
 *
 * One process has it open; `channelStates` serves others that only look.
 */
export class Outbox {
  readonly #file: StateJson<OutboxContent>;
  readonly #log: Logger;
  readonly #content: OutboxContent;
  readonly #sending = new Set<Entry>();
  #delivering: Promise<unknown> = Promise.resolve();

  constructor({ stateDir, log }: { stateDir: string; log: Logger }) {
    this.#log = log;
    this.#file = outboxFile(stateDir, log);
    this.#content = this.#file.value;
  }

  /**
   * Takes a notice in for every channel it is for. One whose id was taken in before changes nothing.
   *
   * @returns how many channels will tell it.
   */
  add(notice: Notice, channels: readonly NotifyChannel[], now: Date): number {
    const content = this.#content;
    if (content.takenIn.some(({ id }) => id === notice.id)) return 0;
    let added = 0;
    for (const channel of channels.filter(({ enabled }) => enabled)) {
      const waiting = content.entries.filter((entry) => entry.channel === channel.id);
      const result = takeIn(notice, channel, {
        waiting,
        life: this.#life(channel.id),
        isSending: (entry) => this.#sending.has(entry),
        now,
      });
      const others = content.entries.filter((entry) => entry.channel !== channel.id);
      content.entries = [...others, ...result.waiting.slice(-MAX_WAITING)];
      if (result.isAdded) added++;
    }
    const recent = content.takenIn.filter(({ at }) => Math.abs(now.getTime() - Date.parse(at)) < REMEMBERED_MS);
    content.takenIn = [...recent, { id: notice.id, at: now.toISOString() }];
    this.#save();
    return added;
  }

  /**
   * Sends what waits over every channel whose time has come, one message after the other, channels beside each other.
   *
   * @param channelsNow asked when its turn has come: what was added for a new channel is not to be forgotten over the old ones.
   * @returns when to call it next; undefined while nothing waits.
   */
  async deliver(
    channelsNow: () => readonly NotifyChannel[],
    send: Deliver,
    clock: () => Date,
  ): Promise<Date | undefined> {
    // Two at the same time would send the same message twice.
    const turn = this.#delivering.then(async () => {
      const channels = channelsNow();
      this.#forgetOthers(channels, clock());
      await Promise.all(channels.map((channel) => this.#deliverOver(channel, send, clock)));
      return this.#nextAt(clock());
    });
    this.#delivering = turn.catch(() => undefined);
    return turn;
  }

  states(channels: readonly NotifyChannel[]): ChannelState[] {
    return statesOf(this.#content, channels);
  }

  async #deliverOver(channel: NotifyChannel, send: Deliver, clock: () => Date): Promise<void> {
    const life = this.#life(channel.id);
    while (hasCome(life.nextTryAt, clock())) {
      const entry = this.#nextOf(channel.id, clock());
      if (entry === undefined) return;
      this.#sending.add(entry);
      try {
        const { warning } = await send(channel, entry.notice);
        this.#succeeded(entry, life, warning, clock());
      } catch (error) {
        if (isAppError(error, 'CANCELLED')) return;
        this.#failed(entry, life, error, clock());
      } finally {
        this.#sending.delete(entry);
      }
      this.#save();
    }
  }

  /** Who failed least often goes first: one message that nobody takes does not hold up the others. */
  #nextOf(channel: string, now: Date): Entry | undefined {
    const content = this.#content;
    content.entries = content.entries.filter((entry) => isUseful(entry, now) || this.#sending.has(entry));
    return content.entries.filter((entry) => entry.channel === channel).toSorted((a, b) => a.tries - b.tries)[0];
  }

  #succeeded(entry: Entry, life: ChannelLife, warning: string | undefined, now: Date): void {
    const { notice, channel } = entry;
    this.#content.entries = this.#content.entries.filter((each) => each !== entry);
    const ids = notice.items.map(({ id }) => id);
    if (notice.kind === 'alarm') life.told = [...new Set([...life.told, ...ids])];
    if (notice.kind === 'cleared') life.told = life.told.filter((id) => !ids.includes(id));
    life.lastSentAt = now.toISOString();
    life.failures = 0;
    delete life.failingSince;
    delete life.nextTryAt;
    delete life.problem;
    if (warning !== undefined) life.problem = warning;
    this.#log.info('told', { channel, kind: notice.kind, notice: notice.id });
  }

  #failed(entry: Entry, life: ChannelLife, error: unknown, now: Date): void {
    const known = error instanceof AppError ? error : undefined;
    const { isLasting, retryAfterSeconds } = known?.details ?? {};
    entry.tries++;
    life.failures++;
    life.failingSince ??= now.toISOString();
    life.problem = known === undefined ? 'something unexpected happened; the log tells more' : known.message;
    const restMs = restAfterMs(life.failures, {
      isLasting: isLasting === true || known === undefined,
      retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : 0,
    });
    life.nextTryAt = new Date(now.getTime() + restMs).toISOString();
    const facts = { channel: entry.channel, kind: entry.notice.kind, notice: entry.notice.id, tries: entry.tries };
    if (known === undefined) this.#log.error('telling ended in a bug', { ...facts, error });
    else this.#log.warn('not told yet', { ...facts, code: known.code, problem: known.message });
  }

  /** Nobody is told over a channel that was taken away or turned off, not even later. */
  #forgetOthers(channels: readonly NotifyChannel[], now: Date): void {
    const known = new Set(channels.map(({ id }) => id));
    const enabled = new Set(channels.filter((channel) => channel.enabled).map(({ id }) => id));
    const content = this.#content;
    const before = content.entries.length + Object.keys(content.channels).length;
    content.entries = content.entries.filter((entry) => enabled.has(entry.channel) && isUseful(entry, now));
    for (const id of Object.keys(content.channels)) if (!known.has(id)) delete content.channels[id];
    if (content.entries.length + Object.keys(content.channels).length !== before) this.#save();
  }

  #nextAt(now: Date): Date | undefined {
    const times = [...new Set(this.#content.entries.map(({ channel }) => channel))].map((id) => {
      const at = this.#life(id).nextTryAt;
      return at === undefined ? now.getTime() : Date.parse(at);
    });
    return times.length === 0 ? undefined : new Date(Math.min(...times));
  }

  #life(id: string): ChannelLife {
    return (this.#content.channels[id] ??= ChannelLife.parse({}));
  }

  #save(): void {
    this.#file.set(this.#content);
  }
}

/** How telling goes, as the outbox of a service has it, from outside its process. */
export function channelStates(stateDir: string, channels: readonly NotifyChannel[], log: Logger): ChannelState[] {
  return statesOf(outboxFile(stateDir, log).value, channels);
}

function statesOf(content: OutboxContent, channels: readonly NotifyChannel[]): ChannelState[] {
  return channels.map(({ id, kind, enabled }) => {
    const { lastSentAt, failingSince, problem, nextTryAt } = content.channels[id] ?? {};
    return {
      id,
      kind,
      enabled,
      waiting: content.entries.filter((entry) => entry.channel === id).length,
      ...(lastSentAt === undefined ? {} : { lastSentAt }),
      ...(failingSince === undefined ? {} : { failingSince }),
      ...(problem === undefined ? {} : { problem }),
      ...(nextTryAt === undefined ? {} : { nextTryAt }),
    };
  });
}

function isUseful({ notice, addedAt }: Entry, now: Date): boolean {
  if (notice.until !== undefined && Date.parse(notice.until) <= now.getTime()) return false;
  return now.getTime() - Date.parse(addedAt) < MAX_AGE_MS;
}
