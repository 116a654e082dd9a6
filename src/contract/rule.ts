import { z } from 'zod';
import { ClockWindow } from './clock-time.ts';

/** When a device is backed up by itself. Everything has a value, so that an empty object is the rule of iCloud Backup. */
export const BackupRule = z.object({
  automatic: z.boolean().default(true),
  /** Due so long after the last backup that came to its end. */
  everyHours: z
    .number()
    .min(1)
    .max(24 * 365)
    .default(24),
  /** Conditions for starting; a backup that has started goes on without them. */
  onPower: z.boolean().default(true),
  locked: z.boolean().default(true),
  /** Not below this charge where it runs on battery, which devices that ask for the passcode may; 0 is no condition. */
  minBatteryPercent: z.int().min(0).max(100).default(20),
  /** Only between these local times; past midnight where `to` is before `from`. */
  window: ClockWindow.optional(),
  /** For devices that ask for the passcode: how often a day somebody may be asked. */
  maxPromptsPerDay: z.int().min(1).max(24).default(3),
  /** After so many days without a backup somebody is told. */
  overdueDays: z.number().min(1).max(365).default(7),
  pausedUntil: z.iso.datetime().optional(),
});
export type BackupRule = z.infer<typeof BackupRule>;

/** What a device does otherwise than the rule of all devices: whatever is not said is as it is there. */
export const RulePatch = z
  .object({
    automatic: BackupRule.shape.automatic.unwrap(),
    everyHours: BackupRule.shape.everyHours.unwrap(),
    onPower: BackupRule.shape.onPower.unwrap(),
    locked: BackupRule.shape.locked.unwrap(),
    minBatteryPercent: BackupRule.shape.minBatteryPercent.unwrap(),
    window: BackupRule.shape.window,
    maxPromptsPerDay: BackupRule.shape.maxPromptsPerDay.unwrap(),
    overdueDays: BackupRule.shape.overdueDays.unwrap(),
    pausedUntil: BackupRule.shape.pausedUntil,
  })
  .partial();
export type RulePatch = z.infer<typeof RulePatch>;

/** A change of what a device does otherwise: `null` takes a value back to what it is for all devices. */
export const RuleChange = z.strictObject({
  automatic: RulePatch.shape.automatic.nullable(),
  everyHours: RulePatch.shape.everyHours.nullable(),
  onPower: RulePatch.shape.onPower.nullable(),
  locked: RulePatch.shape.locked.nullable(),
  minBatteryPercent: RulePatch.shape.minBatteryPercent.nullable(),
  window: RulePatch.shape.window.nullable(),
  maxPromptsPerDay: RulePatch.shape.maxPromptsPerDay.nullable(),
  overdueDays: RulePatch.shape.overdueDays.nullable(),
  pausedUntil: RulePatch.shape.pausedUntil.nullable(),
});
export type RuleChange = z.infer<typeof RuleChange>;

/** The rule of one device. */
export const DeviceRule = z.object({
  /** What it does otherwise than all of them. */
  said: RulePatch,
  /** What holds for it. */
  rule: BackupRule,
});
export type DeviceRule = z.infer<typeof DeviceRule>;

/** What would come of a rule. */
export const RulePreview = z.object({
  /** Whether the device asks for its passcode at every backup; absent while that is not known. */
  asksPasscode: z.boolean().optional(),
  /** When the next backups would begin, if everything they need is there: the earliest moments. */
  next: z.array(z.iso.datetime()),
});
export type RulePreview = z.infer<typeof RulePreview>;
