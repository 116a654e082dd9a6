/** Domain, on the phone's disk only, where a restore gathers files before it puts them in their places. */
export const STAGING_DOMAIN = '.backup.i';
