export { openWifi, wifiItems, type WifiNetworks } from './wifi.ts';
export type { AccessPoint, WifiNetwork } from './wifi-network.ts';
