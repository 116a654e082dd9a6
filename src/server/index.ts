/** The service over HTTP: the API, sign-in, the built web interface. */
export { createApp, type AppOptions, type HoldfastApp } from './app.ts';
export { Accounts, type AccountsOptions } from './accounts/accounts.ts';
export { AccountBook } from './accounts/account-book.ts';
export { createPasswordHasher } from './accounts/passwords.ts';
export { findWebRoot, openWebFiles, type WebFiles } from './static/web-files.ts';
export { listen, type Listening, type ListenOptions } from './listening/listen.ts';
export { askLocally, listenLocally, localSocketPath, type LocalRequest } from './listening/local-socket.ts';
export { demandSafeListening, isLoopback } from './listening/safe-listening.ts';
