import type { Route } from '../route.ts';
import { healthRoutes } from './health.ts';

/** All there are: the router, the OpenAPI document and the test of who may use what go by this list. */
export const ROUTES: readonly Route[] = [...healthRoutes];
