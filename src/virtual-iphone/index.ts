/** A simulated iPhone behind a usbmuxd-compatible socket: for tests, for the demo, for other people's tools. */
export { startVirtualIphone, type VirtualIphone } from './virtual-iphone.ts';
export type { LibrarySize, VirtualIphoneOptions, WifiOptions } from './options.ts';
export { letADayGoBy } from './new-phone.ts';
export { VirtualMux, type VirtualMuxOptions } from './mux/virtual-mux.ts';
export type { TrustBehaviour } from './lockdown/trust.ts';
export type { Breach, BreachLog } from './breaches.ts';
export {
  SETTINGS,
  type BackupBehaviour,
  type PasscodeBehaviour,
  type PhoneContext,
  type PhoneIdentity,
} from './context.ts';
export type { ByteTally, FaultAction, FaultPlan, PointFault, StreamFault } from './faults.ts';
export { isEncryptedOnly, openPhoneDisk, PhoneDisk, type PhoneFile } from './disk/index.ts';
export { AGENT_SETTINGS, FAULT_POINTS, HOSTILE_ACTS, type FaultPoint } from './backup-agent/index.ts';
export { mutateLibrary } from './library/index.ts';
