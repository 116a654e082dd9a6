import type { Settings, Status } from '../../contract/index.ts';
import { wasNeverMade } from '../../vault/index.ts';
import type { Assembly, ServiceParts } from '../running/assemble.ts';
import type { Moment } from '../running/known-devices/rule-input.ts';
import { statusOf } from './status.ts';

/** The status as a running service knows it: with every device that it sees. */
export async function serviceStatus(
  { book, view }: Pick<Assembly, 'book' | 'view'>,
  { vaultDir, places, logger }: ServiceParts,
  settings: Settings,
  moment: Moment,
): Promise<Status> {
  const { stateDir } = places;
  const devices = await book.all(moment.now);
  const { labels, id } = await view.listing();
  // A vault that was never made is no problem.
  const problem = view.problem && wasNeverMade(view.problem) ? undefined : view.problem;
  return statusOf({ ...moment, devices, labels, settings, vaultDir, vaultId: id, problem, stateDir, logger });
}
