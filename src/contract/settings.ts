import { z } from 'zod';
import { CheckupSettings } from './checkup.ts';
import { NotifySettings } from './notify.ts';
import { Problem } from './problem.ts';
import { RetentionRule } from './retention.ts';
import { BackupRule, RulePatch } from './rule.ts';

export const DEFAULT_PORT = 7373;

/** What is different for one device. */
export const DeviceSettings = z.strictObject({
  /** What this device does otherwise than all of them. */
  rule: RulePatch.strict().prefault({}),
});
export type DeviceSettings = z.infer<typeof DeviceSettings>;

/** Where the service answers browsers. */
export const ServerSettings = z.strictObject({
  /** An address of this computer: "127.0.0.1" for it alone, "0.0.0.0" for everybody in its networks. */
  host: z.string().min(1).max(253).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(DEFAULT_PORT),
  /** Under which it is reached from outside, where something stands in front of it: "https://backups.example.org". */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Further names under which browsers may reach it: "nas.lan". Other names are refused, however they lead here. */
  hosts: z.array(z.string().min(1).max(253)).max(32).default([]),
  /** Certificate and key as PEM files; with them it speaks https. */
  tls: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  /** Addresses ("127.0.0.1", "10.0.0.0/8") of whatever stands in front of it: what they say of the client is believed. */
  trustedProxies: z.array(z.string().min(1).max(64)).max(32).default([]),
  /** Lets browsers elsewhere sign in without encryption: everybody in between can read along. */
  allowPlainHttp: z.boolean().default(false),
});
export type ServerSettings = z.infer<typeof ServerSettings>;

/**
 * The settings of the service: one readable file, where whatever is not said has the value it has here. Words that mean
 * nothing are refused, so that a typing error does not go unnoticed.
 */
export const Settings = z.strictObject({
  /** Of mails and other messages; the web interface follows the browser. */
  language: z.enum(['en', 'de']).default('en'),
  /** When devices are backed up by themselves. */
  rule: BackupRule.strict().prefault({}),
  /** By UDID. */
  devices: z.record(z.string().regex(/^[0-9A-Fa-f-]{8,64}$/, 'a UDID'), DeviceSettings).default({}),
  /** How many devices are backed up at the same time. */
  slots: z.int().min(1).max(16).default(2),
  /** How long versions are kept. */
  retention: RetentionRule.prefault({}),
  checkup: CheckupSettings.prefault({}),
  /** Whom to tell, and how. */
  notify: NotifySettings.prefault({}),
  server: ServerSettings.prefault({}),
});
export type Settings = z.infer<typeof Settings>;

/**
 * A change of settings, as RFC 7396 has it: what is not mentioned stays, `null` takes a value back to what it is by
 * itself.
 */
export const SettingsPatch = z.record(z.string(), z.unknown());
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** What the page of settings shows. */
export const SettingsAnswer = z.object({
  /** Those in use. */
  settings: Settings,
  /** Only what somebody said; the rest has the value it has by itself. */
  said: SettingsPatch,
  /** Why the file is not in use as it stands. */
  problem: Problem.optional(),
});
export type SettingsAnswer = z.infer<typeof SettingsAnswer>;
