import type { Account, TokenScope } from '../contract/index.ts';

/** Who asks. Everything a request may do is decided by this and by nothing else in the request. */
export interface Principal {
  /** `local`: the command line of the same user of this computer, over a socket that only this user can open. */
  readonly by: 'nobody' | 'session' | 'token' | 'local';
  /** None for `nobody` and `local`. */
  readonly account: Account | undefined;
  /** Of the session or the token it came with. */
  readonly id: string | undefined;
  readonly isAdministrator: boolean;
  /** Whether content of this device is theirs to see. */
  owns(udid: string): boolean;
  /** A token may do less than its account. */
  allows(scope: TokenScope): boolean;
}

export const NOBODY: Principal = {
  by: 'nobody',
  account: undefined,
  id: undefined,
  isAdministrator: false,
  owns: () => false,
  allows: () => false,
};

/** Can read the vault's files anyway. What a backup's password protects, it protects here, too. */
export const LOCAL: Principal = {
  by: 'local',
  account: undefined,
  id: undefined,
  isAdministrator: true,
  owns: () => true,
  allows: () => true,
};

export function isSignedIn(principal: Principal): boolean {
  return principal.by !== 'nobody';
}

/** One session, or one token: what somebody has unlocked there is theirs there alone. */
export const visitorIdOf = ({ by, id }: Principal): string => `${by} ${id ?? ''}`;

/** What an account may do, come by a session or by a token of certain scopes. */
export function principalOf(
  account: Account,
  came: { by: 'session' | 'token'; id: string; scopes?: readonly TokenScope[] },
): Principal {
  const devices = new Set(account.roles.includes('owner') ? account.devices : []);
  return {
    by: came.by,
    account,
    id: came.id,
    isAdministrator: account.roles.includes('administrator'),
    owns: (udid) => devices.has(udid),
    allows: (scope) => came.scopes === undefined || came.scopes.includes(scope),
  };
}
