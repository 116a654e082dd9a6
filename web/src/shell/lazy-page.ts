import { lazy, type ComponentType } from 'react';
import type { PageProps } from '../routes.tsx';

/** A page that is loaded when it is first shown; its file exports it as `default`. */
export function lazyPage(load: () => Promise<{ default: ComponentType<PageProps> }>): ComponentType<PageProps> {
  return lazy(load);
}
