import type { Duplex } from 'node:stream';
import { encodePlistFrame, PlistFrameReader } from '../../device/index.ts';
import { asDictionary, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import type { FaultAction } from '../faults.ts';
import type { PhoneContext } from '../context.ts';

export interface PlistServiceReply {
  /** Dictionaries, but for the one list that springboard answers with. */
  readonly replies: readonly (PlistDictionary | PlistValue[])[];
  /** Ends the connection after the replies. */
  readonly last?: boolean;
}

/** Requests are a few hundred bytes; an iPhone hangs up on lengths that make no sense. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/**
 * Serves the services that answer property lists with property lists, one request after the other.
 *
 * @param command names the request for the fault plan: a fault at `service:command` meets it.
 * @param errorReply how this service spells an error that a fault orders.
 */
export async function servePlists(
  stream: Duplex,
  context: PhoneContext,
  service: {
    readonly name: string;
    command(request: PlistDictionary): string;
    answer(request: PlistDictionary): PlistServiceReply | Promise<PlistServiceReply>;
    errorReply(code: string): PlistDictionary;
  },
): Promise<void> {
  const frames = new PlistFrameReader(stream, { maxBytes: MAX_REQUEST_BYTES });
  for await (const message of frames) {
    const request = asDictionary(message);
    if (request === undefined) {
      context.breaches.report(`${service.name}.request`, 'a request is no dictionary');
      return;
    }
    const fault = context.faults.hit(`${service.name}:${service.command(request)}`);
    if (fault?.kind === 'disconnect') return;
    const error = await orderedError(fault, context);
    const { replies, last } =
      error === undefined ? await service.answer(request) : { replies: [service.errorReply(error)] };
    for (const reply of replies) stream.write(encodePlistFrame(reply));
    if (last === true) return;
  }
}

async function orderedError(fault: FaultAction | undefined, { clock }: PhoneContext): Promise<string | undefined> {
  if (fault?.kind === 'stall') await clock.sleep(fault.ms ?? Infinity);
  return fault?.kind === 'error' ? String(fault.code) : undefined;
}
