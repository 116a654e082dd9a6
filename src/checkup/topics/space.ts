import { because, type CheckupLine } from '../../contract/index.ts';
import type { TopicContext } from '../host.ts';
import { line } from '../line.ts';

const DAY_MS = 86_400_000;
/** Full so soon is a danger; so soon somebody should think of it; so late is not worth a date. */
const DANGER_DAYS = 7;
const SOON_DAYS = 60;
const FORESEEN_DAYS = 3 * 365;

/** How long the disk of the vault lasts. */
export async function lookAtSpace({ host, signal }: TopicContext): Promise<CheckupLine[]> {
  await using vault = await host.openVault('a checkup');
  const { freeBytes, growthPerDay, fullAt } = await vault.space({ signal });
  const room = [because('do-make-room', {})];
  if (freeBytes === 0) {
    return [line('space', 'failed', because('space-used-up', { freeBytes }), { essential: true }, room)];
  }
  if (growthPerDay === undefined) return [line('space', 'unproven', because('space-unforeseen', { freeBytes }))];
  const daysLeft = fullAt === undefined ? Infinity : (fullAt.getTime() - host.now().getTime()) / DAY_MS;
  if (fullAt === undefined || daysLeft > FORESEEN_DAYS) {
    return [line('space', 'proven', because('space-lasts', { freeBytes }))];
  }
  const perDayBytes = Math.round(growthPerDay);
  const reason = because('space-full-on', { freeBytes, perDayBytes, fullOn: fullAt.toISOString() });
  if (daysLeft > SOON_DAYS) return [line('space', 'proven', reason)];
  return [line('space', 'failed', reason, { essential: daysLeft <= DANGER_DAYS }, room)];
}
