import { WebAddress } from '../contract/index.ts';
import { AppError } from '../shared/errors.ts';
import { post } from './web/post.ts';

export interface PingRequest {
  /** As the settings have it, or as it is sealed. */
  readonly url: string | undefined;
  readonly isWell: boolean;
  readonly onFailure: 'fail-path' | 'silence';
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Gives a sign of life, or where something is at risk says so at the same address with `/fail` behind its path, as
 * healthchecks.io takes it; with `silence` nothing is said then.
 *
 * @returns whether anything was sent.
 * @throws {AppError} TELLING_FAILED; CANCELLED
 */
export async function ping({ url, isWell, onFailure, signal, timeoutMs }: PingRequest): Promise<boolean> {
  const address = WebAddress.safeParse(url).data;
  if (address === undefined) {
    throw new AppError('TELLING_FAILED', 'the address for signs of life is missing, or none of http or https', {
      hint: 'Set notify.ping.url, or keep it sealed: `holdfast notify secret ping --url`.',
      details: { isLasting: true },
    });
  }
  if (!isWell && onFailure === 'silence') return false;
  await post({ url: isWell ? address : failAddress(address), method: 'GET', signal, timeoutMs });
  return true;
}

function failAddress(address: string): string {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/fail`;
  return url.href;
}
