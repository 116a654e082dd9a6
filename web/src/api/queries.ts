/** What pages read from the service. Live events keep these answers fresh: see live-events.ts. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import {
  Account,
  Alarm,
  ApiToken,
  CopyOverview,
  DeviceOverview,
  DeviceRule,
  Job,
  Overview,
  Session,
  SettingsAnswer,
  SignedInPlace,
  SnapshotSummary,
  Status,
  TryEntry,
  ChannelState,
} from '../../../src/contract/index.ts';
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

/** Three copies, two media, one elsewhere: how each device stands by where its backups lie. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => ask('status', Status, { signal }),
});

export const copiesQuery = queryOptions({
  queryKey: ['copies'],
  queryFn: ({ signal }) => ask('copies', z.array(CopyOverview), { signal }),
});

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => ask('jobs', z.array(Job), { signal }),
});

export const alarmsQuery = queryOptions({
  queryKey: ['alarms'],
  queryFn: ({ signal }) => ask('alarms', z.array(Alarm), { signal }),
});

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => ask('settings', SettingsAnswer, { signal }),
});

export const channelsQuery = queryOptions({
  queryKey: ['alarms', 'channels'],
  queryFn: ({ signal }) => ask('alarms/channels', z.array(ChannelState), { signal }),
});

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: ({ signal }) => ask('accounts', z.array(Account), { signal }),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => ask('tokens', z.array(ApiToken), { signal }),
});

/** Where this account is signed in. */
export const placesQuery = queryOptions({
  queryKey: ['places'],
  queryFn: ({ signal }) => ask('sessions', z.array(SignedInPlace), { signal }),
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

export function deviceRuleQuery(udid: string) {
  return queryOptions({
    queryKey: ['settings', 'rule', udid],
    queryFn: ({ signal }) => ask(pathOf('devices', udid, 'rule'), DeviceRule, { signal }),
  });
}
