import { findEntry } from '../../copies/index.ts';
import type {
  EncryptionRequest,
  ForgetPlan,
  ForgetRequest,
  Job,
  LabelChange,
  RestoreRequest,
  SnapshotSummary,
  VerifyRequest,
  VersionApps,
} from '../../contract/index.ts';
import { DEFAULT_RULE, openKnownVault, type Vault } from '../../vault/index.ts';
import { copiesContext } from '../copies/copies-context.ts';
import { runCopyJob, runVerifyCopyJob } from '../jobs/copy-job.ts';
import { inTurn } from '../jobs/in-turn.ts';
import { runEncryptionJob } from '../jobs/encryption-job.ts';
import type { JobHandle, JobSpec } from '../jobs/job-board.ts';
import { runPairJob } from '../jobs/pair-job.ts';
import { runRestoreJob } from '../jobs/restore-job.ts';
import { runVerifyJob } from '../jobs/verify-job.ts';
import type { Slots } from '../jobs/slots.ts';
import type { AskPassword } from '../reading/open-for-reading.ts';
import { carryOutForgetting, planForgetting } from '../retention/forgetting.ts';
import { keptPasswords } from '../secrets/backup-passwords.ts';
import { loadRestoring } from '../restore/load-restoring.ts';
import { openSecretStore, type SecretStore } from '../secrets/secret-store.ts';
import type { JobRoom } from './job-room.ts';
import { sentence } from '../../shared/text/sentence.ts';
import { summaryOf, type VaultView } from './vault/vault-view.ts';

export interface TasksOptions extends JobRoom {
  readonly vaultDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly view: VaultView;
  /** What works on all of the vault: one at a time. */
  readonly heavy: Slots;
  readonly onSnapshotsChanged: (udids: Iterable<string>) => void;
}

/** Everything that people ask for besides backups, and copies, each as a job. */
export class Tasks {
  readonly #options: TasksOptions;

  constructor(options: TasksOptions) {
    this.#options = options;
  }

  /** @throws {AppError} DEVICE_NOT_FOUND, DEVICE_BUSY */
  pair(udid: string): Job {
    const { devices, setup, watch } = this.#options;
    const device = devices.free(udid, { mayBeUnpaired: true });
    return this.#start({ kind: 'pair', udid, automatic: false }, async (handle) => {
      try {
        await runPairJob(handle, setup, device);
      } finally {
        watch.lookAgain(udid);
      }
    });
  }

  /** @throws {AppError} DEVICE_NOT_FOUND, DEVICE_NOT_TRUSTED, DEVICE_BUSY */
  changeEncryption(udid: string, change: EncryptionRequest, keep: boolean): Job {
    const { devices, setup, vaultDir, stateDir, watch } = this.#options;
    const device = devices.free(udid);
    const keepIn = keep ? this.#secrets() : undefined;
    return this.#start({ kind: 'encryption', udid, automatic: false }, async (handle) => {
      const work = { setup, device, vaultDir, stateDir, change, keepIn };
      await this.#withVault(handle, (vault) => runEncryptionJob(handle, vault, work));
      watch.lookAgain(udid);
    });
  }

  verify({ snapshot, deep, password }: VerifyRequest): Job {
    const { vaultDir, stateDir } = this.#options;
    const work = { vaultDir, stateDir, snapshot, deep, password: this.#passwordOr(password) };
    return this.#start({ kind: 'verify', automatic: false }, async (handle) => {
      using _turn = await this.#options.heavy.take({ urgent: true, signal: handle.signal });
      await runVerifyJob(handle, work);
    });
  }

  /** @throws {AppError} DEVICE_NOT_FOUND, DEVICE_NOT_TRUSTED, DEVICE_BUSY */
  restore(wanted: RestoreRequest): Job {
    const { devices, setup, vaultDir, stateDir } = this.#options;
    const { udid, rehearse } = wanted;
    // What a rehearsal finds out includes that the device is not there.
    if (!rehearse) devices.free(udid);
    const find = () => Promise.resolve().then(() => devices.listing(udid));
    const password = this.#passwordOr(wanted.password);
    const devicePassword = this.#passwordOr(wanted.devicePassword ?? wanted.password, {
      thenKept: wanted.devicePassword === undefined,
    });
    const work = { setup, find, vaultDir, stateDir, wanted, password, devicePassword };
    return this.#start({ kind: 'restore', udid, automatic: false }, async (handle) => {
      if (rehearse || !wanted.safetyBackup) {
        handle.begin();
        await runRestoreJob(handle, { ...work, writableVault: undefined });
      } else await this.#withVault(handle, (vault) => runRestoreJob(handle, { ...work, writableVault: vault }));
    });
  }

  /** @throws {AppError} SNAPSHOT_NOT_FOUND, VAULT_NOT_FOUND */
  async versionApps(id: string): Promise<VersionApps> {
    const { vaultDir: dir, stateDir } = this.#options;
    const { appsOfVersion } = await loadRestoring();
    return appsOfVersion(id, { dir, stateDir });
  }

  /** @throws {AppError} COPY_NOT_FOUND */
  async copy(name: string, { automatic, verify = false }: { automatic: boolean; verify?: boolean }): Promise<Job> {
    const { stateDir, env } = this.#options;
    const entry = await findEntry(stateDir, name);
    const context = copiesContext({ stateDir }, env);
    const run = verify ? runVerifyCopyJob : runCopyJob;
    const spec = { kind: 'copy', automatic } as const;
    const once = async (handle: JobHandle): Promise<void> => {
      using _turn = await this.#options.heavy.take({ urgent: !automatic, signal: handle.signal });
      handle.begin();
      await using vault = await this.#openForReading('a copy');
      await run(handle, vault, { context, entry, byItself: automatic });
    };
    return this.#start(spec, (handle) => inTurn(handle, this.#options, () => once(handle)));
  }

  /** @throws {AppError} SNAPSHOT_NOT_FOUND, SNAPSHOT_PROTECTED, VAULT_NOT_FOUND */
  async planForget(wanted: ForgetRequest): Promise<ForgetPlan> {
    const plan = await planForgetting(this.#forgetting(wanted));
    const { labels } = await this.#options.view.listing();
    const snapshots = plan.forget.map((record) => summaryOf(record, labels.get(record.id)));
    return { snapshots, freedBytes: plan.heldBytes };
  }

  /** @throws {AppError} SNAPSHOT_NOT_FOUND, SNAPSHOT_PROTECTED, VAULT_NOT_FOUND */
  async forget(wanted: ForgetRequest): Promise<Job> {
    const request = this.#forgetting(wanted);
    const plan = await planForgetting(request);
    return this.#start({ kind: 'forget', automatic: false }, async (handle) => {
      await this.#withVault(handle, async (vault) => {
        const removed = await carryOutForgetting(vault, { ...request, signal: handle.signal }, plan);
        handle.result({ result: { removed: removed.map(({ id }) => id), freedBytes: plan.heldBytes } });
        this.#options.maintenance.afterBackup();
        this.#options.onSnapshotsChanged(new Set(removed.map(({ udid }) => udid)));
      });
    });
  }

  /** @throws {AppError} SNAPSHOT_NOT_FOUND, VAULT_NOT_FOUND, VAULT_BUSY, OUT_OF_SPACE, STORAGE_FAILED */
  async label(id: string, { pinned, name, note }: LabelChange): Promise<SnapshotSummary> {
    await using vault = await this.#openForReading('a label');
    const record = vault.findSnapshot(id);
    const labels = await vault.labels.set(record, {
      ...(pinned === undefined ? {} : { pinned }),
      ...(name === undefined ? {} : { name: name ?? undefined }),
      ...(note === undefined ? {} : { note: note ?? undefined }),
    });
    this.#options.onSnapshotsChanged([record.udid]);
    return summaryOf(record, labels);
  }

  #forgetting({ snapshots, evenTheNewest }: ForgetRequest) {
    const { vaultDir, stateDir } = this.#options;
    return { vaultDir, stateDir, wanted: snapshots, evenTheNewest, rule: DEFAULT_RULE };
  }

  #start(spec: JobSpec, work: (handle: JobHandle) => Promise<void>): Job {
    return this.#options.board.start(spec, work, this.#options.onBug);
  }

  async #withVault(handle: JobHandle, work: (vault: Vault) => Promise<void>): Promise<void> {
    const { keeper, maintenance } = this.#options;
    await maintenance.stepBack();
    await keeper.use(
      async (vault) => {
        handle.begin();
        await work(vault);
      },
      { signal: handle.signal, onWaiting: (reason) => handle.warn(sentence(reason)) },
    );
  }

  #openForReading(purpose: string): Promise<Vault> {
    const { vaultDir: dir, stateDir } = this.#options;
    return openKnownVault({ dir, stateDir, purpose, create: false, lock: 'none' });
  }

  #secrets(): SecretStore {
    const { stateDir, env } = this.#options;
    return openSecretStore({ stateDir }, env);
  }

  /** What was given, else what is kept; or what was given, then what is kept. */
  #passwordOr(given: string | undefined, { thenKept = given === undefined } = {}): AskPassword {
    let left: string[] | undefined;
    return (_again, of) => {
      left ??= [...(given === undefined ? [] : [given]), ...(thenKept ? keptPasswords(this.#secrets(), of) : [])];
      return Promise.resolve(left.shift());
    };
  }
}
