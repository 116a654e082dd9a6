import { type CopiesContext, type CopyEntry, runCopy, verifyCopy } from '../../copies/index.ts';
import type { Vault } from '../../vault/index.ts';
import { sentence } from '../../shared/text/sentence.ts';
import type { JobHandle } from './job-board.ts';

/** Brings a copy up to date. */
export async function runCopyJob(
  handle: JobHandle,
  vault: Vault,
  work: { context: CopiesContext; entry: CopyEntry; byItself: boolean },
): Promise<void> {
  const { context, entry, byItself } = work;
  handle.result({ result: { copy: entry.name } });
  for await (const event of runCopy(context, vault, entry, { byItself, signal: handle.signal })) {
    if (event.kind === 'progress') {
      const { phase, bytes, totalBytes, snapshots, totalSnapshots } = event;
      // Of all snapshots alike: how large each is there is only known when it is there.
      const part = totalBytes === 0 ? 0 : Math.min(1, bytes / totalBytes);
      const fraction = totalSnapshots === 0 ? 0 : Math.min(1, (snapshots + part) / totalSnapshots);
      handle.progress({ phase, fraction, ...(phase === 'copying' ? { bytes: Math.round(bytes) } : {}) });
    } else if (event.kind === 'damaged') handle.warn(sentence(event.error.message));
    else if (event.kind === 'note') handle.warn(event.sentence);
    else if (event.kind === 'paused') {
      const { copied, newBytes, window } = event;
      handle.result({ result: { copy: entry.name, copied, newBytes, paused: true } });
      handle.warn(`Its hours, ${window.from} to ${window.to}, are over. It goes on when they come again.`);
    } else if (event.kind === 'done') {
      const { copied, damaged, newBytes } = event;
      handle.result({ result: { copy: entry.name, copied, damaged, newBytes } });
    }
  }
}

/** Reads a part of a copy back and proves it. */
export async function runVerifyCopyJob(
  handle: JobHandle,
  vault: Vault,
  work: { context: CopiesContext; entry: CopyEntry },
): Promise<void> {
  const { context, entry } = work;
  handle.result({ result: { copy: entry.name } });
  for await (const event of verifyCopy(context, vault, entry, { signal: handle.signal })) {
    if (event.kind === 'progress') {
      const { phase, bytes, totalBytes } = event;
      const fraction = totalBytes === 0 ? {} : { fraction: Math.min(1, bytes / totalBytes) };
      handle.progress({ phase, bytes: Math.round(bytes), ...fraction });
    } else if (event.kind === 'done') {
      const { problems, repaired } = event;
      handle.result({ result: { copy: entry.name, problems, repaired } });
    } else handle.warn(event.sentence);
  }
}
