import { lazy, type ComponentType } from 'react';
import type { PageProps } from '../routes.tsx';

const loaders = new WeakMap<ComponentType<PageProps>, () => Promise<unknown>>();

/** A page that is loaded when it is first shown; its file exports it as `default`. */
export function lazyPage(load: () => Promise<{ default: ComponentType<PageProps> }>): ComponentType<PageProps> {
  const page = lazy(load);
  loaders.set(page, load);
  return page;
}

/** Begins to load a page that is going to be shown, while something else is still being waited for. */
export function preload(page: ComponentType<PageProps> | undefined): void {
  // Where it fails, it is tried again when the page is shown, and told there.
  if (page)
    loaders
      .get(page)?.()
      .catch(() => undefined);
}
