import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { config } from 'zod';
import { createQueryClient } from './api/query-client.ts';
import { App } from './shell/app.tsx';
import { registerServiceWorker } from './shell/register-service-worker.ts';

// zod would otherwise try to compile code from text, which the policy of the service forbids, and rightly.
config({ jitless: true });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={createQueryClient()}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
registerServiceWorker();
