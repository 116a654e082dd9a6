import { AppError, systemErrorCode } from '../../shared/errors.ts';

/** A server that has not answered by then does not: nobody waits for it but this. */
const ANSWER_MS = 15_000;

export interface PostRequest {
  readonly url: string;
  readonly method?: 'POST' | 'GET';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * One request to a place the administrator chose. Redirects are not followed, so that a token goes nowhere else, and of
 * the answer only its status is looked at: what an address inside the network says reaches nobody through this.
 *
 * Certificates are checked against those of the system's Node.js and NODE_EXTRA_CA_CERTS.
 *
 * @throws {AppError} TELLING_FAILED, naming the host alone: the rest of an address may be a secret. `isLasting` in its
 * details tells that trying again changes nothing until somebody does something; `retryAfterSeconds` that the server
 * asked for patience. CANCELLED when the signal was.
 */
export async function post({
  url,
  method = 'POST',
  headers = {},
  body,
  signal,
  timeoutMs = ANSWER_MS,
}: PostRequest): Promise<void> {
  const host = new URL(url).host;
  const timeout = AbortSignal.timeout(timeoutMs);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      headers: { 'user-agent': 'Holdfast', ...headers },
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      ...(body === undefined ? {} : { body }),
    });
    await answer.body?.cancel();
  } catch (cause) {
    if (signal?.aborted === true) throw cancelled(cause);
    throw notReached(host, timeout.aborted, timeoutMs, cause);
  }
  if (!answer.ok) throw refused(host, answer);
}

function cancelled(cause: unknown): AppError {
  return new AppError('CANCELLED', 'telling was stopped', { cause });
}

function notReached(host: string, isTimeout: boolean, timeoutMs: number, cause: unknown): AppError {
  // What undici throws names the whole address in places: none of it is passed on but the code.
  const systemCode = isTimeout ? 'ETIMEDOUT' : (codeOf(cause) ?? 'UNKNOWN');
  const isCertificate = CERTIFICATE_CODES.test(systemCode);
  return new AppError(
    'TELLING_FAILED',
    isTimeout
      ? `${host} did not answer within ${timeoutMs / 1000} seconds`
      : isCertificate
        ? `the certificate of ${host} is not to be trusted (${systemCode})`
        : `${host} could not be reached (${systemCode})`,
    {
      hint: isCertificate
        ? 'Give the server a certificate that fits its name, or name the one that signed it in NODE_EXTRA_CA_CERTS.'
        : 'Look whether this computer is online and the address is right; it is tried again by itself.',
      details: { host, systemCode, isLasting: isCertificate },
    },
  );
}

/** fetch wraps what happened in a TypeError. */
function codeOf(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    const code = systemErrorCode(each);
    if (code !== undefined && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  }
  return undefined;
}

const CERTIFICATE_CODES = /CERT|SELF_SIGNED|ISSUER|ALTNAME/;

function refused(host: string, { status, headers }: Response): AppError {
  const retryAfterSeconds = Number(headers.get('retry-after') ?? Number.NaN);
  const isPassing = status >= 500 || [408, 425, 429].includes(status);
  return new AppError('TELLING_FAILED', `${host} answered with HTTP status ${status}`, {
    hint: HINTS[status] ?? (isPassing ? 'It is tried again by itself.' : 'Check the address and what it expects.'),
    details: {
      host,
      status,
      isLasting: !isPassing,
      ...(Number.isFinite(retryAfterSeconds) && retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
    },
  });
}

const HINTS: Readonly<Record<number, string>> = {
  301: 'The place has moved: give its new address.',
  302: 'The place points to another one: give the address it points to.',
  307: 'The place points to another one: give the address it points to.',
  308: 'The place has moved: give its new address.',
  401: 'The token or key is wrong or missing: `holdfast notify secret ID` takes another.',
  403: 'The token or key does not allow it: `holdfast notify secret ID` takes another.',
  404: 'Check the address: there is nothing at this one.',
  413: 'It takes only shorter messages.',
  429: 'It was sent too much; it is tried again later.',
};
