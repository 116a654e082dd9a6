import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { BackupFacts, ChannelTest, CheckupHost, TriedPassword } from '../../checkup/index.ts';
import type { Settings } from '../../contract/index.ts';
import type { DeepEvent } from '../../snapshot/index.ts';
import { newestOfEach, openKnownVault, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import { copiesContext } from '../copies/copies-context.ts';
import { checkPasswords } from '../encryption/check-passwords.ts';
import type { AskPassword } from '../reading/open-for-reading.ts';
import { ruleOf } from '../running/known-devices/rule-input.ts';
import { keptPasswords, type PasswordOf } from '../secrets/backup-passwords.ts';
import { openSecretStore } from '../secrets/secret-store.ts';
import { verifyDeeply } from '../reading/verify-deeply.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Of what a checkup is made here. */
export interface CheckupHostOptions {
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** "Holdfast 0.1.0" */
  readonly product: string;
  /** IANA; that of this computer when left out. */
  readonly timeZone?: string;
  readonly settings: Settings;
  /** Of the report; that of the settings when left out. */
  readonly language?: 'en' | 'de' | undefined;
  /** A password that was named, besides those that are kept. */
  readonly password?: string | undefined;
  /** How a vault is lent that is open for writing already. */
  readonly withWritableVault?: CheckupHost['withWritableVault'];
  readonly testChannels?: (signal: AbortSignal | undefined) => Promise<readonly ChannelTest[]>;
  readonly now?: () => Date;
}

/** The world around a checkup: this computer, its vault, its settings and secrets. */
export function checkupHost(options: CheckupHostOptions): CheckupHost {
  const { vaultDir, stateDir, env, product, settings, testChannels, now = () => new Date() } = options;
  const open = { dir: vaultDir, stateDir, create: false } as const;
  const candidates = candidatesOf(options);
  return {
    stateDir,
    vaultDir: resolve(vaultDir),
    product,
    hostName: hostname(),
    timeZone: options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: options.language ?? settings.language,
    copies: { ...copiesContext({ stateDir }, env), now },
    openVault: (purpose) => openKnownVault({ ...open, purpose, lock: 'none' }),
    withWritableVault:
      options.withWritableVault ??
      (async (work) => {
        await using vault = await openKnownVault({ ...open, purpose: 'a repair', lock: 'write' });
        return await work(vault);
      }),
    verifyVersion: (record, signal) => verifyVersion({ vaultDir, stateDir }, record, candidates, signal),
    tryPasswords: (vault, records, signal) => tryPasswords(vault, records, candidates, signal),
    backups: async (vault) => backupFacts(vault, settings, now()),
    ...(testChannels && { testChannels }),
    now,
  };
}

/** Passwords that may open a backup, the likeliest first. */
type Candidates = (of: PasswordOf) => readonly string[];

function candidatesOf({ stateDir, env, password }: CheckupHostOptions): Candidates {
  const store = openSecretStore({ stateDir }, env);
  return (of) => [...(password === undefined ? [] : [password]), ...keptPasswords(store, of)];
}

async function* verifyVersion(
  place: { readonly vaultDir: string; readonly stateDir: string },
  { id }: SnapshotRecord,
  candidates: Candidates,
  signal: AbortSignal | undefined,
): AsyncGenerator<DeepEvent, undefined> {
  let left: string[] | undefined;
  const password: AskPassword = async (_again, of) => {
    left ??= [...candidates(of)];
    return left.shift();
  };
  for await (const event of verifyDeeply({ ...place, wanted: id, password, signal })) {
    if (event.kind !== 'opened') yield event;
  }
}

async function* tryPasswords(
  vault: Vault,
  records: readonly SnapshotRecord[],
  candidates: Candidates,
  signal: AbortSignal | undefined,
): AsyncGenerator<TriedPassword, undefined> {
  const tried = new Set<string>();
  const kept = (of: PasswordOf): readonly string[] => {
    const found = candidates(of);
    if (found.length > 0 && of.keybag !== undefined) tried.add(of.keybag);
    return found;
  };
  for await (const { record, state, keybag } of checkPasswords({
    vault,
    records,
    kept,
    ask: async () => undefined,
    signal,
  })) {
    const isUnknown = state === 'closed' && (keybag === undefined || !tried.has(keybag));
    yield { record, state: isUnknown ? 'unknown' : state };
  }
}

/** By the newest version of each device. A device that was only ever taken in from elsewhere is not waited for. */
function backupFacts(vault: Vault, settings: Settings, now: Date): BackupFacts[] {
  return [...Map.groupBy(vault.snapshots(), ({ udid }) => udid)].flatMap(([udid, records]) => {
    const [newest] = records;
    if (newest === undefined) return [];
    const { automatic, everyHours, overdueDays, pausedUntil } = ruleOf(settings, udid);
    // One that a clock dated that was ahead says nothing of when the last was.
    const [{ takenAt: lastAt } = newest] = newestOfEach(records, now);
    const ageDays = Math.floor((now.getTime() - lastAt.getTime()) / DAY_MS);
    const isOurs = records.some(({ kind }) => kind !== 'import');
    return {
      udid,
      name: newest.device.name,
      lastAt,
      dueAt: automatic && isOurs ? new Date(lastAt.getTime() + everyHours * HOUR_MS) : undefined,
      pausedUntil: pausedUntil === undefined ? undefined : new Date(pausedUntil),
      overdueDays: isOurs && ageDays >= overdueDays ? ageDays : undefined,
    };
  });
}
