import type { Settings, Status } from '../../contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import { isVaultExpected } from '../../vault/index.ts';
import type { Assembly, ServiceParts } from '../running/assemble.ts';
import type { Moment } from '../running/rule-input.ts';
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
  const problem = await problemOf(view.problem, vaultDir, stateDir);
  return statusOf({ ...moment, devices, labels, settings, vaultDir, vaultId: id, problem, stateDir, logger });
}

/** A vault that was never made is no problem. */
async function problemOf(
  problem: AppError | undefined,
  vaultDir: string,
  stateDir: string,
): Promise<AppError | undefined> {
  if (problem?.code !== 'VAULT_NOT_FOUND' || (await isVaultExpected(vaultDir, stateDir))) return problem;
  return undefined;
}
