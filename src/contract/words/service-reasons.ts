/** What keeps the service from doing anything at all. */
export type ServiceReasons = {
  'vault-away': { readonly place: string };
  'vault-unusable': { readonly place: string };
  'vault-moved': { readonly place: string; readonly to: string };
};
