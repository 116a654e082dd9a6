/** What is done with one way of telling. Its secret goes to the service sealed and never comes back. */
import { pathOf, tell } from './api.ts';

export function keepSecret(channel: string, secret: string): Promise<void> {
  return tell(pathOf('alarms', 'channels', channel, 'secret'), { method: 'PUT', body: { secret } });
}

/** @throws {ApiProblem} what stood in the way. */
export function sendTest(channel: string): Promise<void> {
  return tell(pathOf('alarms', 'channels', channel, 'test'), { method: 'POST', body: {} });
}
