/** What is on the virtual iPhone: a person's data in the formats of iOS, made from a seed, and the days that go by. */
export { fillLibrary, fillWithFiles, mutateLibrary, rewrapKeychain } from './fill.ts';
