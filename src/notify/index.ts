/** Telling people outside: mail, ntfy, Gotify, webhook, and signs of life. */
export { levelOf, Notice, NoticeItem } from './notice.ts';
export { inWords, type WordsContext } from './words.ts';
export type { Told } from './told.ts';
export { send, type Sent } from './send.ts';
export type { SendContext } from './send-context.ts';
export { ping, type PingRequest } from './ping.ts';
export { channelStates, Outbox, type Deliver } from './outbox/outbox.ts';
