import { z } from 'zod';

/** What helps whoever has lost a device; its content is looked at elsewhere, by whoever owns it. */
export const LostPhone = z.object({
  udid: z.string(),
  name: z.string(),
  model: z.string().optional(),
  productType: z.string().optional(),
  productVersion: z.string().optional(),
  serialNumber: z.string().optional(),
  imei: z.string().optional(),
  meid: z.string().optional(),
  iccid: z.string().optional(),
  phoneNumber: z.string().optional(),
  lastSeenAt: z.iso.datetime().optional(),
  lastBackup: z
    .object({ snapshot: z.string(), at: z.iso.datetime(), encrypted: z.boolean(), bytes: z.int().nonnegative() })
    .optional(),
});
export type LostPhone = z.infer<typeof LostPhone>;
