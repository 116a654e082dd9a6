import { contentOf } from './store.test-helper.ts';

/** The n-th object that a writer puts before it is killed: mostly small ones, some large. */
export function killedObject(n: number): Buffer {
  return contentOf(`killed ${n}`, n % 11 === 0 ? 1_050_000 + n * 1000 : (n * 137) % 9000);
}
