import { z } from 'zod';
import { ClockTime } from './clock-time.ts';

/**
 * Where alarms, reports and signs of life go. What is secret about it (a password, a token, a key, an address that has
 * one in it) is kept sealed by the service under `notify/<id>`, never in here.
 */

const mailAddress = z.email('a mail address: anna@example.org');

/** `http:` is for what runs at home; an address may not carry a password, which would end in logs on the way. */
export const WebAddress = z
  .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
  .refine((address) => !hasPassword(address), 'an address without a user name or password in it');

export const ChannelId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'small letters, digits and hyphens, such as "mail" or "ntfy-anna"')
  // Its secrets are kept under that name.
  .refine((id) => id !== 'ping', 'another name: "ping" is that of the signs of life');

const common = {
  id: ChannelId,
  enabled: z.boolean().default(true),
  /** Language of what it says; that of the service where it is left out. */
  language: z.enum(['en', 'de']).optional(),
  /** Only what is at least so grave. Reports and "all is well" are not held back by it. */
  from: z.enum(['attention', 'at-risk']).default('attention'),
  /** Only about these devices; what concerns none of them (the disk, a copy) is told all the same. */
  devices: z.array(z.string()).optional(),
  /** Whether "all is well" goes here, and where it is not for some devices alone, reports of checkups. */
  reports: z.boolean().default(true),
};

export const MailChannel = z
  .strictObject({
    ...common,
    kind: z.literal('mail'),
    host: z.string().min(1).max(255),
    /** 465 for `tls`, 587 for `starttls`, 25 for `none` where it is left out. */
    port: z.int().min(1).max(65_535).optional(),
    /** Never falls back to less: a server that offers no STARTTLS is an error. */
    security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
    /** Its password is the secret of the channel. */
    user: z.string().min(1).max(255).optional(),
    sender: mailAddress,
    to: z.array(mailAddress).min(1).max(20),
    /** Certificates (PEM) that are trusted besides the usual ones: for a server with one of its own. */
    caFile: z.string().optional(),
  })
  .refine((mail) => mail.user === undefined || mail.security !== 'none' || isThisComputer(mail.host), {
    error: 'a password is not sent without encryption to another computer: set security to tls or starttls',
    path: ['security'],
  });
export type MailChannel = z.infer<typeof MailChannel>;

export const NtfyChannel = z.strictObject({
  ...common,
  kind: z.literal('ntfy'),
  /** "https://ntfy.sh", or one of your own. */
  server: WebAddress,
  /** Who knows the topic reads along: take one nobody guesses, or one that needs a token (the secret of the channel). */
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, 'letters, digits, hyphens and underscores'),
});
export type NtfyChannel = z.infer<typeof NtfyChannel>;

/** Its application token is the secret of the channel. */
export const GotifyChannel = z.strictObject({ ...common, kind: z.literal('gotify'), server: WebAddress });
export type GotifyChannel = z.infer<typeof GotifyChannel>;

/** One line of what is told: a sentence, and what to do. */
const NoticeItem = z.object({
  /** The `id` of an alarm. */
  id: z.string(),
  code: z.string(),
  level: z.enum(['safe', 'attention', 'at-risk']),
  udid: z.string().optional(),
  since: z.iso.datetime().optional(),
  /** In the language of the channel. */
  sentence: z.string(),
  nextStep: z.string().optional(),
  /** What fills the sentence, for programs. */
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** What a webhook is sent. Fields are added, never renamed; `version` grows when one has to go. */
export const WebhookBody = z.object({
  version: z.literal(1),
  /** The same when it is sent again because no answer came. */
  id: z.string(),
  kind: z.enum(['alarm', 'cleared', 'announce', 'all-is-well', 'report', 'test']),
  at: z.iso.datetime(),
  level: z.enum(['safe', 'attention', 'at-risk']),
  title: z.string(),
  items: z.array(NoticeItem),
  link: z.string().optional(),
});
export type WebhookBody = z.infer<typeof WebhookBody>;

/** JSON as `WebhookBody`, by POST. Where the channel has a secret, that is the key every message is signed with. */
export const WebhookChannel = z.strictObject({
  ...common,
  kind: z.literal('webhook'),
  /** Left out where the address itself is a secret: it is then the one sealed under `notify/<id>/url`. */
  url: WebAddress.optional(),
});
export type WebhookChannel = z.infer<typeof WebhookChannel>;

export const NotifyChannel = z.discriminatedUnion('kind', [MailChannel, NtfyChannel, GotifyChannel, WebhookChannel]);
export type NotifyChannel = z.infer<typeof NotifyChannel>;

/** A dead man's switch: a place outside that raises the alarm when nothing is heard of this service any more. */
export const PingSettings = z.strictObject({
  /** Left out where it is sealed under `notify/ping/url`: who knows it can ping in our place. */
  url: WebAddress.optional(),
  everyMinutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .default(60),
  /** What is called when something is at risk: `/fail` after the address, as healthchecks.io takes it, or nothing. */
  onFailure: z.enum(['fail-path', 'silence']).default('fail-path'),
});
export type PingSettings = z.infer<typeof PingSettings>;

/** Every part has a value, so that an empty object tells nobody anything. */
export const NotifySettings = z.strictObject({
  channels: z
    .array(NotifyChannel)
    .max(20)
    .refine((channels) => new Set(channels.map(({ id }) => id)).size === channels.length, 'each channel has its own id')
    .default([]),
  /** An alarm that stays is told again after so many days; never sooner than after one. */
  remindEveryDays: z.int().min(1).max(90).default(3),
  /** Local time of the service in which nothing is told; it waits until the end. */
  quiet: z.strictObject({ from: ClockTime, to: ClockTime }).optional(),
  /** Once a week, when there is nothing to tell: Monday is 1. */
  allIsWell: z
    .strictObject({
      enabled: z.boolean().default(false),
      weekday: z.int().min(1).max(7).default(1),
      at: ClockTime.default('09:00'),
    })
    .prefault({}),
  ping: PingSettings.optional(),
  /** Where the web interface is found, for links. */
  link: WebAddress.optional(),
});
export type NotifySettings = z.infer<typeof NotifySettings>;

function hasPassword(address: string): boolean {
  // `URL.parse` is missing in browsers of 2023.
  try {
    const { username, password } = new URL(address);
    return username !== '' || password !== '';
  } catch {
    return false;
  }
}

const isThisComputer = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
