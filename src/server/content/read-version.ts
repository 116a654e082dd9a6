import type { Browsing, loadBrowsing, Unlocked, Visitor } from '../../service/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { ServerContext } from '../context.ts';
import type { Principal } from '../principal.ts';

/** What a route that reads content works with. */
export interface OpenVersion {
  readonly unlocked: Unlocked;
  readonly browsing: Browsing;
  readonly visitor: Visitor;
  /** The functions that read. */
  readonly from: Awaited<ReturnType<typeof loadBrowsing>>;
  readonly signal: AbortSignal;
}

interface Asking {
  readonly params: { readonly id: string };
  readonly principal: Principal;
  readonly context: ServerContext;
  readonly signal: AbortSignal;
}

/**
 * Does something with a version that is open for whoever asks; it stays open meanwhile.
 *
 * @throws {AppError} CONTENT_LOCKED, SNAPSHOT_NOT_FOUND
 */
export async function readVersion<T>(
  { params, principal, context, signal }: Asking,
  work: (version: OpenVersion) => Promise<T>,
): Promise<T> {
  const { browsing, entrance } = await context.browsing.get();
  const visitor = context.browsing.visitorOf(principal);
  using reading = await browsing.read(visitor, params.id);
  try {
    return await work({ unlocked: reading.unlocked, browsing, visitor, from: entrance, signal });
  } catch (error) {
    // Whoever asked is gone: nobody hears the answer, and nothing has failed.
    if (signal.aborted) throw new AppError('CANCELLED', 'the request was given up', { cause: error });
    throw error;
  }
}
