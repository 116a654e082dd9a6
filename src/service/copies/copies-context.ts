import type { CopiesContext } from '../../copies/index.ts';
import type { Places } from '../../shared/files/places.ts';
import { openSecretStore } from '../secrets/secret-store.ts';

/** What copies need: where their list lies, and the secrets sealed on this computer. */
export function copiesContext(places: Pick<Places, 'stateDir'>, env: NodeJS.ProcessEnv): CopiesContext {
  return { stateDir: places.stateDir, env, secrets: openSecretStore(places, env) };
}
