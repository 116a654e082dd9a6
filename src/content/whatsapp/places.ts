import type { Place } from '../source/content-database.ts';

/** Where one of the two apps keeps its data. */
export interface WhatsAppPlaces {
  readonly app: 'WhatsApp' | 'WhatsApp Business';
  /** Domains with the databases and media, the present one first: until 2015 they lay in the app's own. */
  readonly domains: readonly string[];
}

export const WHATSAPP_PLACES: readonly WhatsAppPlaces[] = [
  {
    app: 'WhatsApp',
    domains: ['AppDomainGroup-group.net.whatsapp.WhatsApp.shared', 'AppDomain-net.whatsapp.WhatsApp'],
  },
  {
    app: 'WhatsApp Business',
    domains: ['AppDomainGroup-group.net.whatsapp.WhatsAppSMB.shared', 'AppDomain-net.whatsapp.WhatsAppSMB'],
  },
];

/** A database of the app, in all places it was ever kept in. */
export function databasePlaces({ domains }: WhatsAppPlaces, name: string): Place[] {
  return domains.flatMap((domain) => [
    { domain, relativePath: name },
    { domain, relativePath: `Documents/${name}` },
  ]);
}

/**
 * Where a file that a message names may lie. Paths are relative to the folder of messages; older ones to the folder
 * of the app, with or without a slash before them.
 */
export function mediaPlaces({ domains }: WhatsAppPlaces, path: string): Place[] {
  const relativePath = path.replace(/^\/+/, '');
  return domains.flatMap((domain) =>
    [`Message/${relativePath}`, relativePath, `Library/${relativePath}`].map((each) => ({
      domain,
      relativePath: each,
    })),
  );
}
