import { z } from 'zod';
import { pageOf } from './common.ts';

export const ContactSummary = z.object({
  /** The same in every version of the device. */
  id: z.string(),
  name: z.string(),
  /** The letter it stands under: "A", "#". */
  letter: z.string(),
  organization: z.string().optional(),
  phone: z.string().optional(),
  hasPhoto: z.boolean(),
  isMe: z.boolean().optional(),
});
export type ContactSummary = z.infer<typeof ContactSummary>;

export const Contacts = pageOf(ContactSummary);
export type Contacts = z.infer<typeof Contacts>;

/** A value with what it is called: "Home" of Apple's own labels, or the owner's word. */
const labelled = z.object({ label: z.string().optional(), isBuiltIn: z.boolean(), value: z.string() });

export const Contact = ContactSummary.extend({
  kind: z.enum(['person', 'organisation']),
  nickname: z.string().optional(),
  jobTitle: z.string().optional(),
  department: z.string().optional(),
  note: z.string().optional(),
  /** "1990-04-01", "--04-01" where the year is not known. */
  birthday: z.string().optional(),
  phones: z.array(labelled),
  emails: z.array(labelled),
  urls: z.array(labelled),
  related: z.array(labelled),
  dates: z.array(labelled),
  /** In lines, as it is written on a letter. */
  addresses: z.array(labelled.omit({ value: true }).extend({ lines: z.array(z.string()) })),
  /** Messengers and networks: "Skype: anna". */
  accounts: z.array(labelled.extend({ service: z.string().optional() })),
  groups: z.array(z.string()),
  /** Its conversation in Messages, where there is one. */
  conversation: z.string().optional(),
});
export type Contact = z.infer<typeof Contact>;
