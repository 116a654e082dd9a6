import { stringAt, asDictionary } from '../../formats/index.ts';
import type { LockdownClient } from '../lockdown/lockdown-client.ts';

const DOMAIN = 'com.apple.mobile.wireless_lockdown';

/**
 * Lets the paired computers reach the device over Wi-Fi, as Finder's “Show this iPhone when on Wi-Fi” does. Needs a
 * session over the cable; lasts until it is turned off.
 */
export async function enableWifiConnections(client: LockdownClient, enabled = true): Promise<void> {
  await client.setValue(DOMAIN, 'EnableWifiConnections', enabled);
}

export interface WifiSettings {
  readonly enabled: boolean;
  /** The name under which the device advertises itself, "aa:bb:cc:dd:ee:ff@fe80::…._apple-mobdev2._tcp.local.". */
  readonly serviceName: string | undefined;
}

/** Needs a session. */
export async function readWifiSettings(client: LockdownClient): Promise<WifiSettings> {
  const values = asDictionary(await client.getValue(DOMAIN));
  return {
    enabled: values?.['EnableWifiConnections'] === true,
    serviceName: stringAt(values, 'BonjourFullServiceName') ?? stringAt(values, 'InstanceName'),
  };
}
