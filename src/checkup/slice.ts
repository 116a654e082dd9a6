import type { CheckupSettings } from '../contract/index.ts';
import type { VaultProblem } from '../vault/index.ts';
import type { CheckupHost, TopicProgress } from './host.ts';
import { lastReadAt, openRound, type ReadVault } from './reading-round.ts';

const DAY_MS = 86_400_000;
/** Less a night is not worth waking a disk for. */
const MIN_SLICE_BYTES = 2e9;
/** Between these hours of the night, by the clock on the wall. */
const NIGHT = { from: 1, to: 6 };
const PAUSE_MS = 12 * 60 * 60 * 1000;

/** What a night's reading has brought. */
export interface SliceResult {
  readonly bytes: number;
  /** What is still to be read before the next checkup. */
  readonly unreadBytes: number;
  /** Empty when everything is whole. A checkup names and mends what is not. */
  readonly problems: readonly VaultProblem[];
}

/** Whether a part of the vault is to be read this night, so that the checkup itself has little left to read. */
export function isSliceDue(
  { storedBytes, ...vault }: ReadVault & { readonly storedBytes: number },
  settings: CheckupSettings,
  now: Date,
): boolean {
  if (!settings.automatic || storedBytes < settings.slicesFromBytes) return false;
  if (now.getHours() < NIGHT.from || now.getHours() >= NIGHT.to) return false;
  const last = lastReadAt(vault, now);
  return last === undefined || now.getTime() - last.getTime() >= PAUSE_MS;
}

/**
 * Reads as much of the vault as has to be read each night to be through by the next checkup. What was read is not read
 * again before then.
 *
 * @throws {AppError} VAULT_NOT_FOUND, STORAGE_FAILED; the reason of the signal.
 */
export async function* readSlice(
  host: Pick<CheckupHost, 'stateDir' | 'vaultDir' | 'openVault' | 'now'>,
  how: {
    readonly nextCheckupAt: Date;
    readonly bytesPerSecond?: number | undefined;
    readonly threads?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<TopicProgress, SliceResult> {
  await using vault = await host.openVault('reading a part of it again');
  const { stateDir, vaultDir } = host;
  using round = await openRound({ stateDir, vaultDir, vaultId: vault.id }, host.now());
  const { bytesPerSecond, threads, signal } = how;
  const options = { log: round.log, bytesPerSecond, threads, ...(signal && { signal }) };
  let unreadBytes = 0;
  for await (const event of vault.verify({ ...options, maxBytes: 0 })) {
    if (event.kind === 'done') unreadBytes = event.unread.bytes;
  }
  const nights = Math.max(1, Math.floor((how.nextCheckupAt.getTime() - host.now().getTime()) / DAY_MS));
  const maxBytes = Math.max(MIN_SLICE_BYTES, Math.ceil(unreadBytes / nights));
  const problems: VaultProblem[] = [];
  for await (const event of vault.verify({ ...options, maxBytes })) {
    if (event.kind === 'progress') {
      yield { kind: 'progress', fraction: undefined, bytes: event.bytes };
    } else if (event.kind === 'problem') problems.push(event.problem);
    else return { bytes: event.bytes, unreadBytes: event.unread.bytes, problems };
  }
  throw new Error('a verification always comes to its end');
}
