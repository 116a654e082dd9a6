import type { MailChannel } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';

const MAX_ANSWER_CHARS = 200;

/** What the library puts into its errors, as far as it is looked at. */
interface MailFailure {
  readonly code: string;
  /** Of the system or of TLS, where something below failed. */
  readonly originalCode: string;
  readonly responseCode: number | undefined;
  readonly response: string;
}

/**
 * What kept a mail from being sent, for a person. Of the server's words only those on an envelope or a mail are passed
 * on, and no password in any form: what it says to a sign-in may hold it.
 */
export function explainMailError(
  thrown: unknown,
  { host, user, security, sender, to }: MailChannel,
  password?: string,
): AppError {
  const failure = failureOf(thrown);
  const { code, originalCode, responseCode } = failure;
  const isLasting = responseCode !== undefined ? responseCode >= 500 : false;
  const details = { host, mailCode: code, ...(responseCode === undefined ? {} : { responseCode }) };
  const fail = (message: string, hint: string, lasts = isLasting): AppError =>
    new AppError('TELLING_FAILED', message, { hint, details: { ...details, isLasting: lasts } });

  if (CERTIFICATE.test(originalCode)) {
    return fail(
      `the certificate of ${host} is not to be trusted (${originalCode})`,
      'Give the server by the name in its certificate, or name the certificate that signed it as caFile.',
      true,
    );
  }
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return fail(
        `${host} does not let ${user ?? 'anybody'} in${responseCode === undefined ? '' : ` (${responseCode})`}`,
        'Check user and password; some providers want a password of its own for programs. `holdfast notify secret ID` takes another.',
        responseCode === undefined || responseCode >= 500,
      );
    case 'ETLS':
      return fail(
        `${host} offers no encryption as security: ${security} asks for`,
        'Check security and port: tls is most often 465, starttls 587.',
        true,
      );
    case 'EENVELOPE':
    case 'EMESSAGE': {
      const answer = withoutSecrets(failure.response, user, password);
      return fail(
        `${host} does not take this mail from ${sender} to ${to.join(', ')}${answer === '' ? '' : `: ${answer}`}`,
        isLasting ? 'Check sender and to in the settings.' : 'It is tried again by itself.',
      );
    }
    case 'ETIMEDOUT':
      return fail(`${host} did not answer in time`, REACH_HINT);
    default: {
      const why = [originalCode, code].find((each) => /^[A-Z][A-Z0-9_]{1,60}$/.test(each)) ?? 'UNKNOWN';
      return fail(
        `${host} could not be reached (${why})`,
        why.startsWith('ERR_SSL') ? 'Check security and port: tls is most often 465, starttls 587.' : REACH_HINT,
      );
    }
  }
}

const REACH_HINT = 'Look whether this computer is online and host and port are right; it is tried again by itself.';

const CERTIFICATE = /CERT|SELF_SIGNED|ISSUER|ALTNAME/;

function failureOf(thrown: unknown): MailFailure {
  const fields = new Map<string, unknown>(thrown instanceof Error ? Object.entries(thrown) : []);
  const responseCode = fields.get('responseCode');
  return {
    code: asText(fields.get('code')),
    originalCode: asText(fields.get('originalCode')),
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    response: asText(fields.get('response')),
  };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A server may repeat what it was sent. */
function withoutSecrets(response: string, user = '', password = ''): string {
  let text = response.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  if (password !== '') {
    const forms = [
      password,
      ...[password, `\0${user}\0${password}`].map((each) => Buffer.from(each).toString('base64')),
    ];
    for (const form of forms) text = text.replaceAll(form, '…');
  }
  return text.length > MAX_ANSWER_CHARS ? `${text.slice(0, MAX_ANSWER_CHARS)}…` : text;
}
