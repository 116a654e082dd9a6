import { z } from 'zod';
import { count, moment } from './common.ts';

/** What is to be taken out: whole kinds in a format, or files, photos as they are. */
export const TakeOutRequest = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('kinds'),
    kinds: z.array(z.string().max(40)).min(1).max(30),
    /** One of the formats of the kind; its first without it. */
    format: z.string().max(40).optional(),
    /** Only this conversation: of Messages, or of WhatsApp where that is the kind. */
    conversation: z.string().max(100).optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
    timeZone: z.string().max(64).optional(),
    /** JPEG copies beside pictures that few programs open; takes longer. */
    jpegCopies: z.boolean().default(false),
  }),
  z.object({
    what: z.literal('photos'),
    /** Their numbers, or a view whose photos are all meant. */
    numbers: z.array(count).max(100_000).optional(),
    view: z.string().max(120).optional(),
    /** JPEG copies in the place of HEIC. */
    asJpeg: z.boolean().default(false),
  }),
  z.object({
    what: z.literal('files'),
    places: z
      .array(z.object({ domain: z.string().max(500), path: z.string().max(4000).default('') }))
      .min(1)
      .max(1000),
  }),
]);
export type TakeOutRequest = z.infer<typeof TakeOutRequest>;

export const TakeOut = z.object({
  id: z.string(),
  state: z.enum(['running', 'ready', 'failed', 'cancelled', 'fetched']),
  startedAt: moment,
  /** "Messages", and how far: absent where it cannot be told. */
  step: z.string().optional(),
  /** The same as one of the kinds of `TakeOutFormats`, which a page calls by its name in another language. */
  stepKind: z.string().optional(),
  fraction: z.number().min(0).max(1).optional(),
  files: count.optional(),
  bytes: count.optional(),
  /** Sentences: what could not be taken out. */
  notes: z.array(z.string()),
  problem: z.string().optional(),
  /** The name of the zip. */
  name: z.string(),
  /** Where the browser loads it from, once. */
  url: z.string().optional(),
  /** Whether decrypted files wait in a folder of this computer until they are fetched; they are removed then, and when the version is locked. */
  onDisk: z.boolean(),
});
export type TakeOut = z.infer<typeof TakeOut>;

/** Whole kinds that are being put together or wait to be loaded, by whoever asks; the newest first. */
export const TakeOuts = z.object({ takeOuts: z.array(TakeOut) });
export type TakeOuts = z.infer<typeof TakeOuts>;

export const TakeOutFormats = z.object({
  kinds: z.array(z.object({ kind: z.string(), title: z.string(), formats: z.array(z.string()) })),
});
export type TakeOutFormats = z.infer<typeof TakeOutFormats>;
