/** Follows what the service tells by itself and keeps the answers that pages show up to date with it. */
import type { QueryClient } from '@tanstack/react-query';
import { LiveEvent, type DeviceOverview, type Job, type Overview } from '../../../src/contract/index.ts';
import { jobsQuery, overviewQuery } from './queries.ts';

/** Takes one event into the answers that are kept. */
export function takeIn(event: LiveEvent, client: QueryClient): void {
  switch (event.event) {
    case 'device':
      client.setQueryData<Overview>(overviewQuery.queryKey, (overview) => withDevice(overview, event.device));
      client.setQueryData(['device', event.device.udid], event.device);
      return;
    case 'job':
      // Where the list is still on its way, it may be older than this: then it is asked for again.
      if (client.getQueryData(jobsQuery.queryKey) === undefined) refresh(client, ['jobs']);
      client.setQueryData<Job[]>(jobsQuery.queryKey, (jobs) => jobs && withJob(jobs, event.job));
      client.setQueryData(['job', event.job.id], event.job);
      if (event.job.endedAt !== undefined) endOf(event.job, client);
      return;
    case 'snapshots':
      refresh(client, ['snapshots', event.udid], ['history', event.udid], ['overview'], ['status']);
      return;
    case 'changed':
      // What was shown of a backup that is locked again is forgotten, not only out of date.
      if (event.what === 'locks') locked(event.snapshot, client);
      else refresh(client, ...CHANGED[event.what]);
  }
}

type Changed = Extract<LiveEvent, { event: 'changed' }>['what'];

/** Which answers are to be read again after which change. */
const CHANGED: Readonly<Record<Exclude<Changed, 'locks'>, string[][]>> = {
  alarms: [['alarms'], ['overview']],
  copies: [['copies'], ['overview'], ['status']],
  settings: [['settings'], ['overview'], ['rule'], ['status']],
  checkup: [['checkups'], ['overview'], ['status']],
  accounts: [['accounts'], ['tokens'], ['places'], ['session']],
};

function endOf(job: Job, client: QueryClient): void {
  refresh(client, ['overview'], ['status']);
  if (job.udid !== undefined) refresh(client, ['history', job.udid]);
}

function refresh(client: QueryClient, ...keys: string[][]): void {
  for (const queryKey of keys) void client.invalidateQueries({ queryKey });
}

/** Whoever passes by a page that was left open does not read what is on it. */
function locked(snapshot: string | undefined, client: QueryClient): void {
  const which = snapshot === undefined ? [] : [snapshot];
  void client.resetQueries({ queryKey: ['content', ...which] });
  refresh(client, ['lock', ...which]);
}

/** Replaces what is known of a device, or adds it where it is new. */
function withDevice(overview: Overview | undefined, device: DeviceOverview): Overview | undefined {
  if (overview === undefined) return undefined;
  const known = overview.devices.some((each) => each.udid === device.udid);
  const devices = known
    ? overview.devices.map((each) => (each.udid === device.udid ? device : each))
    : [...overview.devices, device];
  return { ...overview, devices };
}

/** Replaces what is known of a job, or puts it first where it is new. */
function withJob(known: readonly Job[], job: Job): Job[] {
  return known.some((each) => each.id === job.id)
    ? known.map((each) => (each.id === job.id ? job : each))
    : [job, ...known];
}

export interface Listening {
  /** Whether the service is heard at this moment. */
  readonly onConnection: (connected: boolean) => void;
  /** Nobody is signed in any more, or the service refuses for another reason. */
  readonly onRefused: () => void;
}

/** Listens until the returned function is called. The browser reconnects by itself. */
export function listen(client: QueryClient, { onConnection, onRefused }: Listening): () => void {
  const source = new EventSource('/api/v1/events');
  let lost = false;
  source.addEventListener('open', () => {
    // Whatever happened in between was not heard.
    if (lost) void client.invalidateQueries();
    lost = false;
    onConnection(true);
  });
  source.addEventListener('error', () => {
    lost = true;
    if (source.readyState === EventSource.CLOSED) onRefused();
    else onConnection(false);
  });
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event = LiveEvent.safeParse(parse(data));
    // A service that was updated may tell what this page does not know yet.
    if (event.success) takeIn(event.data, client);
  });
  return () => source.close();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
