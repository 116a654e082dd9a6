import type { Duplex } from 'node:stream';
import { AfcPacketDecoder, encodePlistFrame, PlistFrameReader, type AfcPacket } from '../../../device/index.ts';
import { asDictionary, stringAt } from '../../../formats/index.ts';
import { installedApps } from '../../apps.ts';
import type { PhoneContext } from '../../context.ts';
import type { Service } from '../service.ts';
import { CRASH_REPORTS_ROOT, documentsRoot, MEDIA_ROOT, type AfcRoot } from './afc-root.ts';
import { afcOperationName, AfcSession } from './afc-session.ts';
import type { OpenFiles } from './open-files.ts';

/** pymobiledevice3 writes files of up to 1 GiB in one packet. */
const MAX_REQUEST_BYTES = 1024 * 1024 * 1024 + 4096;

/** com.apple.afc: the media folder. */
export function afcService(open: OpenFiles): Service {
  return { serve: (stream, context) => serveAfc(stream, context, 'com.apple.afc', MEDIA_ROOT, open) };
}

/** com.apple.crashreportcopymobile: the reports of crashed programs. */
export function crashReports(open: OpenFiles): Service {
  return {
    serve: (stream, context) => serveAfc(stream, context, 'com.apple.crashreportcopymobile', CRASH_REPORTS_ROOT, open),
  };
}

/** com.apple.mobile.house_arrest: asked for an app once, it turns into AFC on the app's documents. */
export function houseArrest(open: OpenFiles): Service {
  return { serve: (stream, context) => serveHouseArrest(stream, context, open) };
}

async function serveHouseArrest(stream: Duplex, context: PhoneContext, open: OpenFiles): Promise<void> {
  const frames = new PlistFrameReader(stream);
  const request = asDictionary(await frames.read());
  if (request === undefined) return;
  const bundleId = stringAt(request, 'Identifier') ?? '';
  const error = refusalOf(stringAt(request, 'Command'), bundleId, context);
  frames.release();
  stream.write(encodePlistFrame(error === undefined ? { Status: 'Complete' } : { Error: error }));
  if (error === undefined) {
    await serveAfc(stream, context, 'com.apple.mobile.house_arrest', documentsRoot(bundleId), open);
  }
}

/** Containers are open for apps under development only, of which there are none here. */
function refusalOf(command: string | undefined, bundleId: string, context: PhoneContext): string | undefined {
  const app = installedApps(context).find((each) => each.bundleId === bundleId);
  if (app === undefined) return 'ApplicationLookupFailed';
  if (command === 'VendDocuments') return app.fileSharing ? undefined : 'InstallationLookupFailed';
  return command === 'VendContainer' ? 'InstallationLookupFailed' : 'UnknownCommand';
}

async function serveAfc(
  stream: Duplex,
  context: PhoneContext,
  service: string,
  root: AfcRoot,
  open: OpenFiles,
): Promise<void> {
  const session = new AfcSession(context, root, open);
  const packets = new AfcPacketDecoder({ maxBytes: MAX_REQUEST_BYTES });
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  try {
    for await (const chunk of stream) {
      for (const packet of packets.push(chunk as Buffer)) {
        const forced = await meetFault(packet, context, service);
        if (forced === 'disconnect') return;
        if (!stream.writable) return;
        if (!stream.write(session.answer(packet, forced))) await Promise.race([drained(stream), closed]);
      }
    }
  } finally {
    session.close();
  }
}

async function meetFault(
  { operation }: AfcPacket,
  { faults, clock }: PhoneContext,
  service: string,
): Promise<number | 'disconnect' | undefined> {
  const fault = faults.hit(`${service}:${afcOperationName(operation)}`);
  if (fault?.kind === 'stall') await clock.sleep(fault.ms ?? Infinity);
  if (fault?.kind === 'error') return Number(fault.code);
  return fault?.kind === 'disconnect' ? 'disconnect' : undefined;
}

function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => stream.once('drain', () => resolve()));
}
