import { AppError } from '../../shared/errors.ts';
import { SIGNED_IN } from '../access.ts';
import { eventStream } from '../live/event-stream.ts';
import { visibleEvent } from '../live/visible.ts';
import { visitorIdOf, type Principal } from '../principal.ts';
import { route } from '../route.ts';

/** Of one account, all its browser windows together. */
const MAX_STREAMS = 30;

const streams = new Map<string, number>();

export const eventRoutes = [
  route({
    method: 'GET',
    path: '/events',
    summary: 'Server-sent events: how everything stands, then what changes. Goes on after `Last-Event-ID`.',
    access: SIGNED_IN,
    answer: { raw: 'text/event-stream' },
    handle({ principal, context, request, signal }) {
      const release = takeStream(principal);
      const body = eventStream({
        signal: AbortSignal.any([signal, context.accounts.endOf(principal)]),
        follow: (until) =>
          context.live.follow({
            lastEventId: request.headers.get('last-event-id') ?? undefined,
            sees: (event) => visibleEvent(principal, event),
            visitorId: visitorIdOf(principal),
            signal: until,
          }),
        onQuiet: () => context.accounts.endWhatIsOver(),
        onEnd: release,
      });
      // nginx collects answers otherwise, and events come late.
      return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' } });
    },
  }),
];

function takeStream({ account, by }: Principal): () => void {
  const key = account?.id ?? by;
  const open = streams.get(key) ?? 0;
  if (open >= MAX_STREAMS) {
    throw new AppError('TOO_MANY_TRIES', 'this account follows the service in too many places', {
      hint: 'Close some of its windows.',
    });
  }
  streams.set(key, open + 1);
  return () => {
    const left = (streams.get(key) ?? 1) - 1;
    if (left === 0) streams.delete(key);
    else streams.set(key, left);
  };
}
