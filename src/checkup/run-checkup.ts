import { join } from 'node:path';
import { because, type CheckupLine, type CheckupReport, type CheckupTopic } from '../contract/index.ts';
import { readCopies, unlessUnreadable, type CopyStatus } from '../copies/index.ts';
import { lockWork } from '../database/index.ts';
import { isAppError, type AppError } from '../shared/errors.ts';
import type { SnapshotRecord, Vault } from '../vault/index.ts';
import type { CheckupChoices, CheckupHost, TopicContext, TopicProgress } from './host.ts';
import { line } from './line.ts';
import { placeOf } from './place.ts';
import { closeRound } from './reading-round.ts';
import { checkupsFolder, checkupsOf } from './reports/report-folder.ts';
import { writeReport, type UnchainedReport, type WrittenReport } from './reports/write-report.ts';
import { lookAtAlarms } from './topics/alarms.ts';
import { lookAtBackups } from './topics/backups.ts';
import { lookAtClock, watchClock, type ClockWatch, type Written } from './topics/clock.ts';
import { copyNotTried, lookAtCopy, noCopy, onlyThere, unknownCopies } from './topics/copies.ts';
import { lookAtDisks } from './topics/disks.ts';
import { lookAtPasswords } from './topics/passwords.ts';
import { lookAtReports } from './topics/reports.ts';
import { lookAtSpace } from './topics/space.ts';
import { lookAtVault } from './topics/vault.ts';
import { lookAtVersion, newestVersions, versionNotTried } from './topics/versions.ts';
import { UnfinishedCheckup } from './unfinished.ts';
import { verdictOf } from './verdict.ts';

/** What a checkup tells as it goes. */
export type CheckupEvent =
  | { readonly kind: 'began'; readonly startedAt: Date; readonly resumed: boolean }
  | (TopicProgress & {
      readonly topic: CheckupTopic;
      readonly subject: string | undefined;
      /** Of the whole checkup, 0 to 1, about. Never goes backwards. */
      readonly overall: number;
    })
  | { readonly kind: 'line'; readonly line: CheckupLine }
  | {
      readonly kind: 'done';
      readonly report: UnchainedReport | CheckupReport;
      /** Undefined where the report could not be kept: `problem` says why. */
      readonly written: WrittenReport | undefined;
      readonly problem: AppError | undefined;
    };

/**
 * Proves that everything is intact and would come back, or names what is not, and writes the report. Cut off at any
 * instant, the next one goes on where it stopped. What cannot be looked at is told in the report and never thrown.
 *
 * @throws {AppError} VAULT_NOT_FOUND and the like where there is no vault to look at; ALREADY_RUNNING where another process
 * makes one; the reason of the signal.
 */
export async function* runCheckup(host: CheckupHost, choices: CheckupChoices): AsyncGenerator<CheckupEvent, undefined> {
  const vaultId = await withVault(host, (vault) => vault.id);
  // What is unfinished, and the next number of a report, are one for all vaults of a state folder.
  using _alone = lockWork(join(checkupsFolder(host.stateDir), 'lock.db'), {
    message: 'another checkup is under way',
    hint: 'Wait until it has come to its end: `holdfast checkup list` shows its report then.',
  });
  const unfinished = new UnfinishedCheckup(
    host.stateDir,
    { vaultId, place: placeOf(host.vaultDir), quick: choices.quick, repair: choices.repair },
    host.now(),
  );
  const { startedAt, resumed } = unfinished;
  yield { kind: 'began', startedAt, resumed };
  const checkup = new Checkup({ ...choices, host, startedAt }, vaultId, unfinished);
  yield* checkup.look();
  const report = await checkup.report();
  try {
    const { renderReportApart } = await import('./report/render-apart.ts');
    const written = await writeReport(host.stateDir, report, (chained, sha256) =>
      renderReportApart(chained, sha256, host.language),
    );
    unfinished.end();
    if (checkup.isAllRead) closeRound(host.stateDir, vaultId);
    yield { kind: 'done', report: written.report, written, problem: undefined };
  } catch (error) {
    if (!isAppError(error)) throw error;
    yield { kind: 'done', report, written: undefined, problem: error };
  }
}

/** Which part of the whole each topic takes, about: reading takes the time, the rest a moment. */
const SHARES: Readonly<Partial<Record<CheckupTopic, number>>> = {
  vault: 0.5,
  versions: 0.22,
  passwords: 0.03,
  copies: 0.2,
};

/** One look at something. */
interface Look {
  readonly topic: CheckupTopic;
  readonly subject?: string | undefined;
  /** What it is kept under once it is done; looks that take no time are not kept. */
  readonly step?: string;
  readonly look: () => AsyncGenerator<TopicProgress, readonly CheckupLine[]> | Promise<readonly CheckupLine[]>;
}

class Checkup {
  readonly #context: TopicContext;
  readonly #vaultId: string;
  readonly #unfinished: UnfinishedCheckup;
  readonly #watch: ClockWatch;
  readonly #lines: CheckupLine[] = [];
  /** How much of the whole is behind. */
  #behind = 0;

  constructor(context: TopicContext, vaultId: string, unfinished: UnfinishedCheckup) {
    this.#context = context;
    this.#vaultId = vaultId;
    this.#unfinished = unfinished;
    this.#watch = watchClock(() => context.host.now());
  }

  /** Whether the vault was read to its end, so that the next reading begins anew. */
  get isAllRead(): boolean {
    return !this.#context.quick && this.#lines.every(({ reason }) => reason.code !== 'vault-unreadable');
  }

  async *look(): AsyncGenerator<CheckupEvent, undefined> {
    const context = this.#context;
    const { quick } = context;
    yield* this.#perform({
      topic: 'vault',
      step: 'vault',
      look: () => lookAtVault(context),
    });
    yield* this.#perform({ topic: 'vault', look: () => this.#onlyElsewhere() }, Infinity);
    // Only now: a repair may have brought versions back.
    const versions = await this.#versions();
    for (const look of versions) yield* this.#perform(look, versions.length);
    yield* this.#perform({ topic: 'passwords', look: () => lookAtPasswords(context) });
    const copies = await this.#copies(quick);
    for (const look of copies) yield* this.#perform(look, copies.length);
    yield* this.#perform({ topic: 'backups', look: () => lookAtBackups(context) });
    yield* this.#perform({ topic: 'disks', look: () => lookAtDisks(context) });
    yield* this.#perform({ topic: 'space', look: () => lookAtSpace(context) });
    yield* this.#perform({ topic: 'clock', look: () => this.#clock() });
    yield* this.#perform({ topic: 'alarms', look: () => lookAtAlarms(context) });
    yield* this.#perform({ topic: 'reports', look: () => lookAtReports(context) });
  }

  async report(): Promise<UnchainedReport> {
    const { host, startedAt, quick } = this.#context;
    const versions = await withVault(host, (vault) => vault.snapshots().length);
    return {
      format: 'holdfast-checkup',
      version: 1,
      product: host.product,
      host: host.hostName,
      vault: { id: this.#vaultId, dir: host.vaultDir },
      timeZone: host.timeZone,
      startedAt: startedAt.toISOString(),
      endedAt: host.now().toISOString(),
      resumed: this.#unfinished.resumed,
      quick,
      ...verdictOf(this.#lines, versions),
      lines: this.#lines,
    };
  }

  /** @param among how many looks share what their topic takes of the whole. */
  async *#perform({ topic, subject, step, look }: Look, among = 1): AsyncGenerator<CheckupEvent, undefined> {
    const share = (SHARES[topic] ?? 0) / among;
    this.#context.signal?.throwIfAborted();
    let lines = step === undefined ? undefined : this.#unfinished.linesOf(step);
    if (lines === undefined) {
      lines = yield* this.#told({ topic, subject, look }, share);
      if (step !== undefined) this.#unfinished.keep(step, lines);
    }
    this.#behind += share;
    this.#lines.push(...lines);
    for (const each of lines) yield { kind: 'line', line: each };
  }

  /** Looks, passes on how far it is, and makes of what stands in its way a line of the report. */
  async *#told({ topic, subject, look }: Look, share: number): AsyncGenerator<CheckupEvent, readonly CheckupLine[]> {
    let overall = this.#behind;
    try {
      const looking = look();
      if (looking instanceof Promise) return await looking;
      try {
        for (;;) {
          const { done, value } = await looking.next();
          if (done === true) return value;
          overall = Math.max(overall, this.#behind + share * Math.min(1, value.fraction ?? 0));
          yield { ...value, topic, subject, overall };
        }
      } finally {
        // Whoever stops listening ends the look, too: what it holds open is closed.
        await looking.return([]);
      }
    } catch (error) {
      if (!isAppError(error) || error.code === 'CANCELLED') throw error;
      return [
        line(topic, 'unproven', because('vault-unreadable', { error: error.code }), { subject, essential: true }),
      ];
    }
  }

  async #versions(): Promise<Look[]> {
    const context = this.#context;
    const found = await withVault(context.host, (vault) =>
      newestVersions(vault, context.host.now()).map(
        (record) => [record, vault.labels.get(record).deepVerifiedAt] as const,
      ),
    );
    return found.map(([record, provenAt]) => ({
      topic: 'versions',
      subject: record.device.name,
      step: `version ${record.id}`,
      look: context.quick ? async () => [versionNotTried(record, provenAt)] : () => lookAtVersion(context, record),
    }));
  }

  async #onlyElsewhere(): Promise<CheckupLine[]> {
    const statuses = (await this.#copyStatuses()) ?? [];
    return withVault(this.#context.host, (vault) => onlyThere(statuses, vault, this.#context.host.now()));
  }

  /** Undefined where the list of copies cannot be read. */
  async #copyStatuses(): Promise<CopyStatus[] | undefined> {
    const { host } = this.#context;
    const all = await unlessUnreadable(readCopies(host, host.now()));
    return all?.filter(({ entry }) => entry.vaultId === this.#vaultId);
  }

  async #copies(quick: boolean): Promise<Look[]> {
    const context = this.#context;
    const copies = await this.#copyStatuses();
    if (copies === undefined) return [{ topic: 'copies', look: async () => [unknownCopies(context.host.stateDir)] }];
    if (copies.length === 0) return [{ topic: 'copies', look: async () => [noCopy()] }];
    return copies.map((status) => ({
      topic: 'copies',
      subject: status.entry.name,
      step: `copy ${status.entry.name}`,
      look: quick ? async () => [copyNotTried(status)] : () => lookAtCopy(context, status),
    }));
  }

  async #clock(): Promise<CheckupLine[]> {
    const { host } = this.#context;
    const [versions, reports] = await Promise.all([
      withVault(host, (vault) => vault.snapshots().map(writtenVersion)),
      checkupsOf(host.stateDir),
    ]);
    // The newest first. One that was written since by a clock that was behind it has shown that it was wrong.
    const lastAt = reports[0]?.endedAt;
    const report = lastAt === undefined ? [] : [{ at: new Date(lastAt) }];
    return lookAtClock(this.#context, [...versions, ...report], this.#watch);
  }
}

function writtenVersion({ id, device, finishedAt }: SnapshotRecord): Written {
  return { at: finishedAt, version: { id, device: device.name } };
}

async function withVault<T>(host: CheckupHost, look: (vault: Vault) => T): Promise<T> {
  await using vault = await host.openVault('a checkup');
  return look(vault);
}
