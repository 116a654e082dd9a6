import { contentOf, databaseOf } from './store.test-helper.ts';

/** The n-th object that a writer puts before it is killed: mostly small ones, some large, some of them databases. */
export function killedObject(n: number): Buffer {
  if (n % 19 === 0) return databaseOf(`killed ${n}`, 2_200_000 + n * 1000);
  return contentOf(`killed ${n}`, n % 11 === 0 ? 1_050_000 + n * 1000 : (n * 137) % 9000);
}
