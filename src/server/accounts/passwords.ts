/**
 * Passwords as they are kept: argon2id in the usual text form, `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`, so that the
 * costs can be raised later and old hashes still be read.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../../shared/errors.ts';

export interface HashCosts {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The second choice of RFC 9106, for machines with less memory: 64 MiB, some 0.25 s on two old cores. */
const HASH_COSTS: HashCosts = { memoryKiB: 64 * 1024, passes: 3, lanes: 4 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** At once: each takes 64 MiB. */
const MAX_RUNNING = 2;
/** Longer queues are an attack, and answering them late helps nobody. */
const MAX_WAITING = 32;
const BUSY_SECONDS = 5;

const derive = promisify(argon2);
const HASH_FORM = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,3})\$([\w+/]+)\$([\w+/]+)$/;

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** @param kept undefined for a name nobody has: takes the same time, and is false. */
  verify(password: string, kept: string | undefined): Promise<{ matches: boolean; outdated: boolean }>;
}

/** @throws {AppError} from its functions: TOO_MANY_TRIES when too many passwords are waiting to be hashed. */
export function createPasswordHasher(costs: HashCosts = HASH_COSTS): PasswordHasher {
  const takeTurn = turnstile();
  const nobodys = encode(costs, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  return {
    hash: (password) =>
      takeTurn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return encode(costs, salt, await hashOf(password, salt, costs));
      }),
    verify: (password, kept) =>
      takeTurn(async () => {
        const read = decode(kept ?? nobodys);
        const hash = await hashOf(password, read.salt, read.costs);
        const matches = hash.length === read.hash.length && timingSafeEqual(hash, read.hash) && kept !== undefined;
        return { matches, outdated: !isSame(read.costs, costs) };
      }),
  };
}

/** Composed and decomposed accents look the same, and keyboards differ in which they send. */
function hashOf(password: string, salt: Buffer, { memoryKiB, passes, lanes }: HashCosts): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'), 'utf8');
  return derive('argon2id', {
    message,
    nonce: salt,
    memory: memoryKiB,
    passes,
    parallelism: lanes,
    tagLength: HASH_BYTES,
  });
}

function encode({ memoryKiB, passes, lanes }: HashCosts, salt: Buffer, hash: Buffer): string {
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(hash)}`;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

function decode(kept: string): { costs: HashCosts; salt: Buffer; hash: Buffer } {
  const [, memoryKiB, passes, lanes, salt = '', hash = ''] = HASH_FORM.exec(kept) ?? [];
  if (memoryKiB === undefined) throw new AppError('FORMAT_INVALID', 'a kept password hash is not whole');
  return {
    costs: { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

const isSame = (a: HashCosts, b: HashCosts): boolean =>
  a.memoryKiB === b.memoryKiB && a.passes === b.passes && a.lanes === b.lanes;

function turnstile(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= MAX_RUNNING) {
      if (waiting.length >= MAX_WAITING) throw busy();
      await new Promise<void>((go) => void waiting.push(go));
    } else running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

function busy(): AppError {
  return new AppError('TOO_MANY_TRIES', 'too many people are signing in at this moment', {
    hint: 'Try again in a few seconds.',
    details: { retryAfterSeconds: BUSY_SECONDS },
  });
}
