import { because, type CheckupLine } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { TopicContext, TopicProgress, TriedPassword } from '../host.ts';
import { line } from '../line.ts';

/** Tries the passwords that are kept on every version, without the devices. */
export async function* lookAtPasswords({ host, signal }: TopicContext): AsyncGenerator<TopicProgress, CheckupLine[]> {
  await using vault = await host.openVault('a checkup');
  const records = vault.snapshots();
  const tried: TriedPassword[] = [];
  try {
    for await (const each of host.tryPasswords(vault, records, signal)) {
      tried.push(each);
      yield { kind: 'progress', fraction: tried.length / records.length, bytes: 0 };
    }
  } catch (error) {
    if (!isAppError(error) || error.code === 'CANCELLED') throw error;
    return [line('passwords', 'unproven', because('passwords-sealed', { error: error.code }), { essential: true })];
  }
  return [...Map.groupBy(tried, ({ record }) => record.udid).values()].flatMap(linesOfDevice);
}

/** @param tried newest first. */
function linesOfDevice(tried: readonly TriedPassword[]): CheckupLine[] {
  const [newest] = tried;
  if (newest === undefined) return [];
  const { device, udid } = newest.record;
  const about = { subject: device.name, udid };
  const count = (state: TriedPassword['state']): number => tried.filter((each) => each.state === state).length;
  const total = tried.length - count('readable');
  const keep = [because('do-keep-password', {})];
  const lines: CheckupLine[] = [];
  const add = (
    ...[state, reason, essential, more]: [CheckupLine['state'], CheckupLine['reason'], boolean, typeof keep?]
  ) => lines.push(line('passwords', state, reason, { ...about, essential }, more));
  if (total === 0) add('proven', because('passwords-not-needed', { versions: tried.length }), false);
  if (count('opens') > 0) add('proven', because('passwords-open', { versions: count('opens') }), true);
  const isNewest = (state: TriedPassword['state']): boolean => newest.state === state;
  if (count('unknown') > 0) {
    add('unproven', because('passwords-not-kept', { versions: count('unknown') }), isNewest('unknown'), keep);
  }
  if (count('closed') > 0) {
    // Older versions may have had another password, which somebody knows by heart.
    const reason = because('passwords-closed', { versions: count('closed'), total });
    add(isNewest('closed') ? 'failed' : 'unproven', reason, isNewest('closed'), keep);
  }
  if (count('damaged') > 0) {
    add('failed', because('passwords-damaged', { versions: count('damaged') }), true, [because('do-repair', {})]);
  }
  return lines;
}
