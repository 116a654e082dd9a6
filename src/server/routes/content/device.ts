/** What was set up on the device: its apps and accounts, the networks it knew, alarms, blocked callers. */
import {
  Apps,
  AppsQuery,
  BlockedCallers,
  ClockAlarms,
  DeviceAccounts,
  PageQuery,
  WifiNetworks,
  WifiPassword,
  WifiQuery,
} from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { contentAnswer } from '../../content/content-answer.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { BYTES, KEY, SNAPSHOT_PARAMS } from './params.ts';

export const deviceContentRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/installed-apps',
    summary: 'The apps that were on the device and what each keeps in the version; `q` looks for names and publishers.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: AppsQuery,
    answer: Apps,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listApps(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/installed-apps/:app/icon',
    summary: 'The picture of an app.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ app: KEY }),
    answer: BYTES,
    handle: (call) =>
      readVersion(call, async ({ from, unlocked }) =>
        contentAnswer(await from.appIcon(unlocked, call.params.app), unlocked, call.request),
      ),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/wifi',
    summary: 'The Wi-Fi networks the device knew, the latest joined first; without their passwords.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: WifiQuery,
    answer: WifiNetworks,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listWifiNetworks(unlocked, call.query)),
  }),
  route({
    // Not read but asked for, one at a time: no address that is opened, prefetched or kept gives a password out.
    method: 'POST',
    path: '/snapshots/:id/wifi/:network/password',
    summary: 'The password of one Wi-Fi network, where the version was encrypted. In nobody’s cache; not for tokens.',
    access: SNAPSHOT_CONTENT,
    scope: 'session',
    params: SNAPSHOT_PARAMS.extend({ network: KEY }),
    answer: WifiPassword,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.wifiPassword(unlocked, call.params.network)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/accounts',
    summary: 'What the device was signed in to, by name; without any password.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: DeviceAccounts,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listDeviceAccounts(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/alarms',
    summary: 'Alarms and timers of the Clock app.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: ClockAlarms,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listClockAlarms(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/blocked',
    summary: 'Callers whose calls and messages the device rejected.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery,
    answer: BlockedCallers,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listBlockedCallers(unlocked, call.query)),
  }),
];
