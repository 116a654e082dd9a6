import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { PhoneSettings } from '../context.ts';

const SETTING = 'lockdown.deviceKey';
const makeKeyPair = promisify(generateKeyPair);

/** The phone's own RSA key, made at first use and kept: pair records are worth something only as long as it stays. */
export async function loadDeviceKey(settings: PhoneSettings): Promise<KeyObject> {
  const stored = settings.get(SETTING);
  if (typeof stored === 'string') return createPrivateKey(stored);
  const { privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
  settings.set(SETTING, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return privateKey;
}

/** DevicePublicKey as lockdown shows it: PEM "RSA PUBLIC KEY", as data. */
export function devicePublicKeyPem(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ type: 'pkcs1', format: 'pem' }));
}
