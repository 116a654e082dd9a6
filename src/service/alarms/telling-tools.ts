/** Telling people, beside the service: looked at, tested, and given its secrets by commands. */
export { channelStates } from '../../notify/index.ts';
export { setChannelSecret } from './channel-secrets.ts';
export { testChannels, type TestedChannel } from './test-channels.ts';
