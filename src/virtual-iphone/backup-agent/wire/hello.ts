import { arrayAt, PlistReal, stringAt } from '../../../formats/index.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import type { HostLink } from './host-link.ts';

/** Versions of the mobilebackup2 protocol an iPhone speaks. */
const VERSIONS = [2.1, 2.0];

/**
 * Takes the host's Hello and answers with the newest version both speak.
 *
 * @returns false when there is none: the host was told, and the conversation is over.
 * @throws {HostGone}
 */
export async function sayHello(link: HostLink): Promise<boolean> {
  const hello = await link.nextRequest();
  if (stringAt(hello, 'MessageName') !== 'Hello') {
    link.report('mobilebackup2.hello', 'the first request is not Hello');
    respond(link, new AgentError(MB_ERROR.generic, 'Expected Hello'));
    return false;
  }
  const offered = arrayAt(hello, 'SupportedProtocolVersions') ?? [];
  const reals = offered.filter((version) => version instanceof PlistReal).map(({ value }) => value);
  if (reals.length !== offered.length) {
    link.report('mobilebackup2.hello', 'protocol versions are reals, integers were sent');
  }
  const agreed = VERSIONS.find((version) => reals.includes(version));
  if (agreed === undefined) {
    respond(link, new AgentError(MB_ERROR.generic, 'No common supported protocol version'));
    return false;
  }
  link.send('DLMessageProcessMessage', {
    MessageName: 'Response',
    ErrorCode: 0,
    ProtocolVersion: new PlistReal(agreed),
  });
  return true;
}

/** The answer to a request: success, with whatever text was asked for, or an error. */
export function respond(link: HostLink, outcome: AgentError | { readonly content?: string }): void {
  const facts =
    outcome instanceof AgentError
      ? { ErrorCode: outcome.code, ErrorDescription: outcome.message }
      : { ErrorCode: 0, ...(outcome.content !== undefined && { Content: outcome.content }) };
  link.send('DLMessageProcessMessage', { MessageName: 'Response', ...facts });
}
