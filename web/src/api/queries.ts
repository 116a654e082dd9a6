/** What pages read from the service. Live events keep these answers fresh: see live-events.ts. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { DeviceOverview, Job, Overview, Session, SnapshotSummary, TryEntry } from '../../../src/contract/index.ts';
import { ask, pathOf } from './api.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => ask('session', Session, { signal }),
  staleTime: Infinity,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => ask('overview', Overview, { signal }),
});

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => ask('jobs', z.array(Job), { signal }),
});

export function deviceQuery(udid: string) {
  return queryOptions({
    queryKey: ['device', udid],
    queryFn: ({ signal }) => ask(pathOf('devices', udid), DeviceOverview, { signal }),
  });
}

export function snapshotsQuery(udid: string) {
  return queryOptions({
    queryKey: ['snapshots', udid],
    queryFn: ({ signal }) => ask(pathOf('devices', udid, 'snapshots'), z.array(SnapshotSummary), { signal }),
    placeholderData: keepPreviousData,
  });
}

export function historyQuery(udid: string) {
  return queryOptions({
    queryKey: ['history', udid],
    queryFn: ({ signal }) => ask(pathOf('devices', udid, 'history'), z.array(TryEntry), { signal }),
  });
}
