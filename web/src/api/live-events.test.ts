import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryClient } from '@tanstack/react-query';
import type { Job, Overview } from '../../../src/contract/index.ts';
import { devices } from '../../test/fixtures/devices.ts';
import { jobsIn } from '../../test/fixtures/jobs.ts';
import { takeIn } from './live-events.ts';
import { jobsQuery, overviewQuery } from './queries.ts';

const [anna, ben] = devices;
const [job] = jobsIn('family');
assert.ok(anna && ben && job);
const overview: Overview = { verdict: 'safe', devices: [anna], alarms: [] };

test('replaces a device that changed, in the overview and on its own page', () => {
  const client = clientWith(overview);
  takeIn({ event: 'device', device: { ...anna, batteryPercent: 12 } }, client);
  assert.equal(client.getQueryData<Overview>(overviewQuery.queryKey)?.devices[0]?.batteryPercent, 12);
  assert.deepEqual(client.getQueryData(['device', anna.udid]), { ...anna, batteryPercent: 12 });
});

test('adds a device that is new', () => {
  const client = clientWith(overview);
  takeIn({ event: 'device', device: ben }, client);
  assert.deepEqual(client.getQueryData<Overview>(overviewQuery.queryKey)?.devices, [anna, ben]);
});

test('follows a job from its beginning, and reads the history anew at its end', () => {
  const client = clientWith(overview);
  client.setQueryData(['history', anna.udid], []);
  client.setQueryData(jobsQuery.queryKey, []);
  takeIn({ event: 'job', job }, client);
  assert.deepEqual(client.getQueryData<Job[]>(jobsQuery.queryKey), [job]);
  assert.equal(isStale(client, ['history', anna.udid]), false);
  takeIn({ event: 'job', job: { ...job, state: 'done', endedAt: '2026-11-22T18:40:00Z' } }, client);
  assert.equal(client.getQueryData<Job[]>(jobsQuery.queryKey)?.[0]?.state, 'done');
  assert.equal(isStale(client, ['history', anna.udid]), true);
});

test('reads anew whatever it is told has changed', () => {
  const client = clientWith(overview);
  client.setQueryData(['alarms'], []);
  client.setQueryData(['settings'], {});
  takeIn({ event: 'changed', what: 'alarms' }, client);
  assert.equal(isStale(client, ['alarms']), true);
  assert.equal(isStale(client, ['settings']), false);
});

test('forgets content when a backup is locked again', () => {
  const client = clientWith(overview);
  client.setQueryData(['content', 'aaaaaaaa', 'messages'], ['private']);
  client.setQueryData(['content', 'bbbbbbbb', 'messages'], ['still open']);
  client.setQueryData(['lock', 'aaaaaaaa'], { state: 'unlocked' });
  takeIn({ event: 'changed', what: 'locks', snapshot: 'aaaaaaaa' }, client);
  assert.equal(client.getQueryData(['content', 'aaaaaaaa', 'messages']), undefined);
  assert.deepEqual(client.getQueryData(['content', 'bbbbbbbb', 'messages']), ['still open']);
  assert.equal(isStale(client, ['lock', 'aaaaaaaa']), true);
});

function clientWith(known: Overview): QueryClient {
  const client = new QueryClient();
  client.setQueryData(overviewQuery.queryKey, known);
  return client;
}

function isStale(client: QueryClient, key: string[]): boolean | undefined {
  return client.getQueryState(key)?.isInvalidated;
}
