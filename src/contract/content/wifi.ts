import { z } from 'zod';
import { count, moment, PageQuery, pageOf } from './common.ts';

/** A Wi-Fi network that the device knew. Never with its password: that is asked for by itself. */
export const WifiNetwork = z.object({
  id: z.string(),
  /** As it is on the air. */
  name: z.string(),
  /** As iOS says it: "WPA2/WPA3 Personal", "Open". */
  security: z.string().optional(),
  isOpen: z.boolean(),
  isHidden: z.boolean().optional(),
  /** Behind a page to sign in on. */
  isCaptive: z.boolean().optional(),
  lastJoinedAt: moment.optional(),
  addedAt: moment.optional(),
  /** Whether this version has its password. */
  hasPassword: z.boolean(),
});
export type WifiNetwork = z.infer<typeof WifiNetwork>;

export const WifiQuery = PageQuery.extend({
  /** A part of the name. */
  q: z.string().max(100).optional(),
});
export type WifiQuery = z.infer<typeof WifiQuery>;

/** The latest joined first. */
export const WifiNetworks = pageOf(WifiNetwork).extend({
  /** Of all networks, whatever was looked for. */
  known: count,
  /** Whether the passwords can be read: only versions that were encrypted hold them in a way another device can open. */
  passwords: z.enum(['readable', 'not-encrypted', 'unreadable']),
});
export type WifiNetworks = z.infer<typeof WifiNetworks>;

export const WifiPassword = z.object({
  /** As it is typed; for a password that is no text, its bytes in hexadecimal digits. */
  password: z.string(),
  isHex: z.boolean(),
});
export type WifiPassword = z.infer<typeof WifiPassword>;
