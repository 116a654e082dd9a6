import { randomUUID } from 'node:crypto';
import { because, type Alarm, type ChannelState, type Reason, type Settings } from '../../contract/index.ts';
import { type Deliver, inWords, Notice, type NoticeItem, Outbox, send } from '../../notify/index.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServiceClock } from '../clock.ts';
import { isWithin, nextOpening } from '../rules/local-time.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { isTurnOf, wellItems } from './all-is-well.ts';
import type { AlarmFacts } from './facts.ts';
import { Heartbeat } from './heartbeat.ts';
import { channelSecret } from './channel-secrets.ts';

const MINUTE_MS = 60_000;
/** However little there is to do, it is looked again so soon: settings change, clocks are set. */
const LOOK_AGAIN_MS = 10 * MINUTE_MS;
/** Alarms that were not looked at for so long mean that the service hangs. */
const STALE_MS = 150 * MINUTE_MS;
/** A computer that slept, or whose clock was set, has so much time to look at them. */
const WAKING_UP_MS = 5 * MINUTE_MS;
/** Who was told that a device will ask is not told an hour later that it would have. */
const ANNOUNCEMENT_MS = 30 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What telling needs of the alarms. */
export interface Ledger {
  list(): Alarm[];
  /** What is to be told now; it counts as told when this returns, and is `leaving` until `left`. */
  take(request: { remindEveryDays: number; now: Date; newId: () => string }): Notice[];
  /** Somebody has got it now. */
  arrived(notice: Notice, at: Date): void;
  leaving(): readonly Notice[];
  left(): void;
  allIsWellAt(): string | undefined;
  noteAllIsWell(at: Date): void;
}

export interface TellingOptions {
  readonly stateDir: string;
  readonly log: Logger;
  readonly ledger: Ledger;
  /** As they are at the moment; asked every time. */
  readonly settings: () => Pick<Settings, 'language' | 'notify'>;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly clock: ServiceClock;
  /** IANA: what times are said in, and what "at night" means. */
  readonly timeZone: string;
  /** What is no AppError. */
  readonly onBug: (error: unknown) => void;
  /** For tests: how long a server is waited for. */
  readonly timeoutMs?: number;
}

/** A report that was made, to be sent with its files. */
export interface ReportToTell {
  /** Of the report: it is told once. */
  readonly id: string;
  readonly level: NoticeItem['level'];
  readonly summary: Reason;
  readonly attachments: readonly Notice['attachments'][number][];
}

/** Tells people what is to be told, and goes on trying until it got through. Made by `Alarms.startTelling`. */
export class Telling implements AsyncDisposable {
  readonly #options: TellingOptions;
  readonly #outbox: Outbox;
  readonly #heartbeat: Heartbeat;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #isAwake = false;
  #waiting: (() => void)[] = [];
  #evaluated: { facts: AlarmFacts; at: Date } | undefined;
  readonly #startedAt: Date;
  #staleSinceMs: number | undefined;
  readonly #ended: Promise<void>;

  constructor(options: TellingOptions) {
    this.#options = options;
    const { stateDir, log, ledger, clock, secrets } = options;
    this.#startedAt = clock.now();
    this.#outbox = new Outbox({ stateDir, log });
    this.#heartbeat = new Heartbeat({ log, clock, secrets, timeoutMs: options.timeoutMs });
    // What a process that died had taken out of the ledger.
    this.#leave(ledger.leaving());
    this.#ended = this.#run();
  }

  /** To be called by `Alarms` after it has looked at the facts. */
  evaluated(facts: AlarmFacts, at: Date): void {
    this.#evaluated = { facts, at };
    this.wake();
  }

  /** Has it look at once at what there is to tell: when settings changed, too. */
  wake(): void {
    this.#isAwake = true;
    this.#wake.abort();
  }

  /** Tells that a device is going to ask for its passcode. Of use at once or not at all. */
  announce({ udid, name }: { readonly udid: string; readonly name: string }): void {
    const now = this.#options.clock.now();
    const item = { id: `announce:${udid}`, level: 'attention', udid, reason: because('notice-announce', { name }) };
    const until = new Date(now.getTime() + ANNOUNCEMENT_MS).toISOString();
    this.#tellNow({ id: randomUUID(), kind: 'announce', at: now.toISOString(), until, items: [item] });
  }

  /** Sends a report with its files, once, however often it is called with the same. */
  report({ id, level, summary, attachments }: ReportToTell): void {
    const at = this.#options.clock.now().toISOString();
    this.#tellNow({ id: `report-${id}`, kind: 'report', at, items: [{ id, level, reason: summary }], attachments });
  }

  /** How it goes over each channel, and with the signs of life. */
  channels(): ChannelState[] {
    const { notify } = this.#options.settings();
    return [...this.#outbox.states(notify.channels), ...this.#heartbeat.states(notify.ping)];
  }

  /** Resolves when what there is to tell at this moment was tried to be told. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.wake();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#ended;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #tellNow(notice: unknown): void {
    this.#add(Notice.parse(notice));
    this.wake();
  }

  #add(notice: Notice): void {
    const { settings, clock } = this.#options;
    this.#outbox.add(notice, settings().notify.channels, clock.now());
  }

  async #run(): Promise<void> {
    const { clock, onBug } = this.#options;
    while (!this.#stop.signal.aborted) {
      this.#isAwake = false;
      this.#wake = new AbortController();
      const waiting = this.#waiting.splice(0);
      let nextAt: Date | undefined;
      try {
        nextAt = await this.#turn();
      } catch (error) {
        onBug(error);
      }
      for (const resolve of waiting) resolve();
      if (this.#isAwake || this.#stop.signal.aborted) continue;
      const restMs = nextAt === undefined ? LOOK_AGAIN_MS : nextAt.getTime() - clock.now().getTime();
      await clock.sleep(Math.min(LOOK_AGAIN_MS, Math.max(1000, restMs)), this.#wake.signal).catch(() => undefined);
    }
  }

  /** @returns when there is something to do again, as far as that is known. */
  async #turn(): Promise<Date | undefined> {
    const { settings, clock, timeZone } = this.#options;
    const { notify } = settings();
    const now = clock.now();
    const isQuiet = notify.quiet !== undefined && isWithin(notify.quiet, timeZone, now);
    if (!isQuiet && notify.channels.some(({ enabled }) => enabled)) {
      this.#tellAlarms(now);
      this.#tellAllIsWell(now);
    }
    const [deliverAt, pingAt] = await Promise.all([
      this.#outbox.deliver(
        () => settings().notify.channels,
        this.#deliver,
        () => clock.now(),
      ),
      this.#heartbeat.beat(notify.ping, { isWell: () => this.#isWell(), signal: this.#stop.signal }),
    ]);
    const quietEnd =
      notify.quiet !== undefined && isQuiet
        ? nextOpening({ from: notify.quiet.to, to: notify.quiet.from }, timeZone, now)
        : undefined;
    return earliest([deliverAt, pingAt, quietEnd]);
  }

  #tellAlarms(now: Date): void {
    const { ledger, settings } = this.#options;
    const { remindEveryDays } = settings().notify;
    this.#leave(ledger.take({ remindEveryDays, now, newId: randomUUID }));
  }

  #leave(notices: readonly Notice[]): void {
    if (notices.length === 0) return;
    for (const notice of notices) this.#add(notice);
    this.#options.ledger.left();
  }

  #tellAllIsWell(now: Date): void {
    const { ledger, settings, timeZone } = this.#options;
    const { allIsWell } = settings().notify;
    if (!allIsWell.enabled) return;
    const last = ledger.allIsWellAt();
    if (last === undefined) return ledger.noteAllIsWell(now);
    if (!isTurnOf(allIsWell, timeZone, new Date(last), now)) return;
    // Alarms speak for themselves; the turn is over with them.
    const items = ledger.list().length === 0 ? wellItems(this.#evaluated?.facts) : [];
    if (items.length === 0 && this.#evaluated === undefined) return;
    ledger.noteAllIsWell(now);
    if (items.length === 0) return;
    const until = new Date(now.getTime() + DAY_MS).toISOString();
    this.#add(Notice.parse({ id: randomUUID(), kind: 'all-is-well', at: now.toISOString(), until, items }));
  }

  #deliver: Deliver = async (channel, notice) => {
    const { settings, secrets, clock, timeZone, timeoutMs, ledger } = this.#options;
    const { language, notify } = settings();
    const told = inWords(notice, {
      language: channel.language ?? language,
      now: clock.now(),
      timeZone,
      link: notify.link,
    });
    const sent = await send(channel, told, {
      secret: (part) => secrets.get(channelSecret(channel.id, part)),
      now: () => clock.now(),
      signal: this.#stop.signal,
      timeoutMs,
    });
    ledger.arrived(notice, clock.now());
    return sent;
  };

  /** Whether the facts were looked at lately, and nothing is at risk; undefined while it is too early to say. */
  #isWell(): boolean | undefined {
    const now = this.#options.clock.now().getTime();
    const at = this.#evaluated?.at ?? this.#startedAt;
    if (Math.abs(now - at.getTime()) > STALE_MS) {
      this.#staleSinceMs ??= now;
      return now - this.#staleSinceMs >= WAKING_UP_MS ? false : undefined;
    }
    this.#staleSinceMs = undefined;
    if (this.#evaluated === undefined) return undefined;
    return this.#options.ledger.list().every(({ level }) => level !== 'at-risk');
  }
}

function earliest(times: readonly (Date | undefined)[]): Date | undefined {
  const known = times.filter((time) => time !== undefined).map((time) => time.getTime());
  return known.length === 0 ? undefined : new Date(Math.min(...known));
}
