import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { config } from 'zod';
import { createQueryClient } from './api/query-client.ts';
import { sessionQuery } from './api/queries.ts';
import { routes } from './routes.tsx';
import { App } from './shell/app.tsx';
import { preload } from './shell/lazy-page.ts';
import { registerServiceWorker } from './shell/register-service-worker.ts';

// zod would otherwise try to compile code from text, which the policy of the service forbids, and rightly.
config({ jitless: true });

const client = createQueryClient();
// Who is signed in and the page of this address are fetched side by side.
void client.prefetchQuery(sessionQuery);
preload(routes.find(({ path }) => firstPart(path) === firstPart(location.pathname))?.page);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
registerServiceWorker();

function firstPart(path: string): string | undefined {
  return path.split('/')[1];
}
