import { join } from 'node:path';
import { type CheckupHost, checkupsOf, type WrittenReport } from '../../checkup/index.ts';
import type { CheckupReport, Checkups, CheckupSummary, Job, Settings } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ReportToTell } from '../alarms/telling.ts';
import { testChannels } from '../alarms/test-channels.ts';
import { loadCheckingUp } from '../checkup/load-checking-up.ts';
import { inTurn } from '../jobs/in-turn.ts';
import { runCheckupJob } from '../jobs/checkup-job.ts';
import type { JobBoard, JobHandle } from '../jobs/job-board.ts';
import type { Slots } from '../jobs/slots.ts';
import { openSecretStore } from '../secrets/secret-store.ts';
import type { ServiceClock } from '../clock.ts';
import type { Maintenance } from './vault/maintenance.ts';
import type { VaultKeeper } from './vault/vault-keeper.ts';
import type { VaultView } from './vault/vault-view.ts';

/** How often it is looked whether a checkup is due: its history lies in files. */
const LOOK_EVERY_MS = 10 * 60_000;
/** After one that failed. */
const RETRY_MS = 6 * 3_600_000;
const REPORT_TYPES = { 'report.pdf': 'application/pdf', 'report.html': 'text/html' } as const;

export interface CheckupsOptions {
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly product: string;
  readonly timeZone: string;
  readonly clock: ServiceClock;
  readonly logger: Logger;
  readonly settings: () => Settings;
  readonly board: JobBoard;
  /** What works on all of the vault: one at a time. */
  readonly heavy: Slots;
  readonly keeper: VaultKeeper;
  readonly maintenance: Maintenance;
  readonly view: VaultView;
  readonly report: (report: ReportToTell) => void;
  readonly onBug: (error: unknown) => void;
}

/** The monthly proof: made when it is due or somebody wants it, in slices by night where the vault is large. */
export class CheckupRuns {
  readonly #options: CheckupsOptions;
  #lookedAt = -Infinity;
  #failedAt = -Infinity;
  #last: { readonly atMs: number; readonly found: Promise<CheckupSummary | undefined> } | undefined;

  constructor(options: CheckupsOptions) {
    this.#options = options;
  }

  /** What the page about checkups shows. */
  async overview(): Promise<Checkups> {
    const { stateDir, settings, clock } = this.#options;
    const { nextCheckupAt, unfinishedSince, verifyChain } = await loadCheckingUp();
    const reports = await checkupsOf(stateDir);
    const nextAt = nextCheckupAt(reports, settings().checkup, clock.now(), await this.#firstVersionAt());
    const since = unfinishedSince(stateDir, clock.now());
    const { problems } = await verifyChain(stateDir);
    return {
      reports,
      ...(nextAt === undefined ? {} : { nextAt: nextAt.toISOString() }),
      ...(since === undefined ? {} : { unfinishedSince: since.toISOString() }),
      chain: [...problems],
    };
  }

  /** The newest report; looked up again where there may be another. */
  last(): Promise<CheckupSummary | undefined> {
    const nowMs = performance.now();
    if (this.#last === undefined || nowMs - this.#last.atMs > LOOK_EVERY_MS) {
      this.#last = { atMs: nowMs, found: checkupsOf(this.#options.stateDir).then(([newest]) => newest) };
    }
    return this.#last.found;
  }

  /** There may be another report. */
  changed(): void {
    this.#last = undefined;
  }

  /** One report, whole. */
  async report(id: string): Promise<CheckupReport | undefined> {
    return (await (await loadCheckingUp()).readReport(this.#options.stateDir, id))?.report;
  }

  /** A report as it is read, printed or sent. */
  async reportFile(id: string, name: 'report.html' | 'report.pdf' | 'report.json'): Promise<Buffer | undefined> {
    return (await loadCheckingUp()).readReportFile(this.#options.stateDir, id, name);
  }

  start({
    automatic,
    quick = false,
    onlyWhileDue = false,
  }: {
    automatic: boolean;
    quick?: boolean;
    onlyWhileDue?: boolean;
  }): Job {
    const { board, heavy, onBug } = this.#options;
    const once = async (handle: JobHandle): Promise<void> => {
      using _turn = await heavy.take({ urgent: !automatic, signal: handle.signal });
      // A person's, which was waited for, may have been it.
      if (onlyWhileDue && !(await this.#isDue(this.#options.clock.now()))) return;
      handle.begin();
      await this.#run(handle, quick);
    };
    return board.start(
      { kind: 'checkup', automatic },
      (handle) => inTurn(handle, this.#options, () => once(handle)),
      onBug,
    );
  }

  async #isDue(now: Date): Promise<boolean> {
    const { isCheckupDue } = await loadCheckingUp();
    const { settings, stateDir } = this.#options;
    return isCheckupDue(await checkupsOf(stateDir), settings().checkup, now, await this.#firstVersionAt());
  }

  /** Begins what is due. To be called often. */
  async onTime(now: Date): Promise<void> {
    const nowMs = now.getTime();
    if (Math.abs(nowMs - this.#lookedAt) < LOOK_EVERY_MS || Math.abs(nowMs - this.#failedAt) < RETRY_MS) return;
    this.#lookedAt = nowMs;
    const { settings, stateDir, vaultDir, board, view } = this.#options;
    const { checkup } = settings();
    if (!checkup.automatic || board.active().some(({ kind }) => kind === 'checkup')) return;
    const { isCheckupDue, isSliceDue, nextCheckupAt } = await loadCheckingUp();
    const [history, firstAt] = [await checkupsOf(stateDir), await this.#firstVersionAt()];
    if (isCheckupDue(history, checkup, now, firstAt)) {
      this.start({ automatic: true, onlyWhileDue: true });
      return;
    }
    const { id: vaultId, snapshots } = await view.listing();
    const next = nextCheckupAt(history, checkup, now, firstAt);
    if (vaultId === undefined || next === undefined) return;
    const storedBytes = snapshots.reduce((sum, { newBytes }) => sum + newBytes, 0);
    if (isSliceDue({ stateDir, vaultDir, vaultId, storedBytes }, checkup, now)) this.#readSlice(next);
  }

  /** A part of a large vault, by night. Where something is damaged, the checkup that names and mends it follows. */
  #readSlice(next: Date): void {
    const { board, heavy, onBug, settings } = this.#options;
    board.start(
      { kind: 'verify', automatic: true },
      async (handle) => {
        using _turn = await heavy.take({ urgent: false, signal: handle.signal });
        handle.begin();
        const { readSlice } = await loadCheckingUp();
        const { bytesPerSecond } = settings().checkup;
        const how = { nextCheckupAt: next, bytesPerSecond, threads: 1, signal: handle.signal };
        const reading = readSlice(await this.#host(handle), how);
        let step = await reading.next();
        for (; step.done !== true; step = await reading.next()) {
          handle.progress({ phase: 'reading', bytes: Math.round(step.value.bytes) });
        }
        const { bytes, problems } = step.value;
        handle.result({ result: { bytes, problems: problems.length } });
        if (problems.length > 0) this.start({ automatic: true });
      },
      onBug,
    );
  }

  async #run(handle: JobHandle, quick: boolean): Promise<void> {
    const { checkup } = this.#options.settings();
    try {
      const host = await this.#host(handle);
      const choices = { quick, repair: checkup.repair, bytesPerSecond: checkup.bytesPerSecond };
      const written = await runCheckupJob(handle, host, choices);
      if (written !== undefined) this.#tell(written);
    } catch (error) {
      const isFailure = !handle.signal.aborted && !isAppError(error, 'ALREADY_RUNNING');
      if (isFailure) this.#failedAt = this.#options.clock.now().getTime();
      throw error;
    }
  }

  async #host(handle: JobHandle): Promise<CheckupHost> {
    const { vaultDir, stateDir, env, product, timeZone, settings, clock, keeper, maintenance } = this.#options;
    const { checkupHost } = await loadCheckingUp();
    return checkupHost({
      vaultDir,
      stateDir,
      env,
      product,
      timeZone,
      settings: settings(),
      withWritableVault: async (work) => {
        await maintenance.stepBack();
        return keeper.use(work, { signal: handle.signal });
      },
      testChannels: (signal) => this.#testChannels(signal),
      now: () => clock.now(),
    });
  }

  async #testChannels(signal: AbortSignal | undefined): ReturnType<NonNullable<CheckupHost['testChannels']>> {
    const { settings, stateDir, env, timeZone, clock } = this.#options;
    const secrets = openSecretStore({ stateDir }, env);
    const request = { settings: settings(), secrets, timeZone, now: clock.now(), signal };
    const tested = await Array.fromAsync(testChannels(request));
    return tested.map(({ channel, problem }) => ({ channel, problem: problem?.message }));
  }

  #tell({ report, dir }: WrittenReport): void {
    const { id, verdict, summary } = report;
    const level = verdict === 'unknown' ? 'attention' : verdict;
    const attachments = Object.entries(REPORT_TYPES).map(([name, type]) => ({
      path: join(dir, name),
      name: `holdfast-${id}${name.slice('report'.length)}`,
      type,
    }));
    try {
      this.#options.report({ id, level, summary, attachments });
    } catch (error) {
      if (!isAppError(error)) throw error;
      this.#options.logger.warn('the report of a checkup cannot be told', { reason: error.message });
    }
  }

  async #firstVersionAt(): Promise<Date | undefined> {
    const { snapshots } = await this.#options.view.listing();
    if (snapshots.length === 0) return undefined;
    return new Date(Math.min(...snapshots.map(({ finishedAt }) => finishedAt.getTime())));
  }
}
