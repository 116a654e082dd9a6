/** What the service opens the vault for, as whoever finds it busy is told. */
export const SERVICE_PURPOSE = 'the service';
