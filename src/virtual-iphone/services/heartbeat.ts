import type { Duplex } from 'node:stream';
import { encodePlistFrame, PlistFrameReader } from '../../device/index.ts';
import { asDictionary, stringAt } from '../../formats/index.ts';
import type { PhoneContext } from '../context.ts';
import type { Service } from './service.ts';

export interface HeartbeatOptions {
  /** Time between two Marcos; the phone announces it in whole seconds. */
  readonly intervalMs: number;
  readonly onPolo: () => void;
}

/** com.apple.mobile.heartbeat: the phone says Marco, the host answers Polo, for as long as Wi-Fi is to stay up. */
export function heartbeat(options: HeartbeatOptions): Service {
  return { serve: (stream, context) => serveHeartbeat(stream, context, options) };
}

async function serveHeartbeat(stream: Duplex, context: PhoneContext, options: HeartbeatOptions): Promise<void> {
  const { intervalMs, onPolo } = options;
  const frames = new PlistFrameReader(stream);
  const closed = signalOf(stream);
  const marco = encodePlistFrame({
    Command: 'Marco',
    Interval: Math.ceil(intervalMs / 1000),
    SupportsSleepyTime: true,
  });
  for (;;) {
    const fault = context.faults.hit('com.apple.mobile.heartbeat:Marco');
    if (fault?.kind === 'disconnect') return;
    stream.write(fault?.kind === 'behave' ? encodePlistFrame({ Command: fault.as }) : marco);
    const message = await frames.read();
    if (message === undefined) return;
    if (stringAt(asDictionary(message), 'Command') === 'Polo') onPolo();
    else context.breaches.report('heartbeat.polo', 'the host answered Marco with something else than Polo');
    await context.clock.sleep(intervalMs, closed);
  }
}

function signalOf(stream: Duplex): AbortSignal {
  const closed = new AbortController();
  if (stream.destroyed) closed.abort();
  stream.once('close', () => closed.abort());
  return closed.signal;
}
