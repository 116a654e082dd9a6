import { because, type Reason } from '../contract/index.ts';
import type { AppError } from '../shared/errors.ts';

/** Why the vault cannot be used, for people who see no code. One that was never made is no problem. */
export function vaultProblem({ code, details }: AppError, place: string): Reason {
  const { movedTo } = details;
  if (code === 'VAULT_MOVED' && typeof movedTo === 'string') return because('vault-moved', { place, to: movedTo });
  return because(code === 'VAULT_NOT_FOUND' ? 'vault-away' : 'vault-unusable', { place });
}
