import { z } from 'zod';
import { CheckupReport, Checkups, Job } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { ADMINISTRATOR } from '../access.ts';
import { PRINTED_POLICY } from '../guards/headers.ts';
import { route } from '../route.ts';

const params = z.object({ id: z.string().regex(/^\d{4,}-\d{4}-\d\d-\d\d$/, 'as the list of checkups says it') });

const TYPES = {
  'report.html': 'text/html; charset=utf-8',
  'report.pdf': 'application/pdf',
  'report.json': 'application/json',
} as const;

export const checkupRoutes = [
  route({
    method: 'GET',
    path: '/checkups',
    summary: 'The reports of all checkups, the newest first, and when the next is made.',
    access: ADMINISTRATOR,
    answer: Checkups,
    handle: ({ context }) => context.service.checkups(),
  }),
  route({
    method: 'POST',
    path: '/checkups',
    summary: 'Prove now that everything is intact and would come back.',
    access: ADMINISTRATOR,
    scope: 'operate',
    body: z.object({ quick: z.boolean().default(false) }),
    answer: Job,
    status: 202,
    handle: ({ body, context }) => context.service.startCheckup(body),
  }),
  route({
    method: 'GET',
    path: '/checkups/:id',
    summary: 'One report.',
    access: ADMINISTRATOR,
    params,
    answer: CheckupReport,
    handle: async ({ params: { id }, context }) => (await context.service.checkupReport(id)) ?? noReport(),
  }),
  route({
    method: 'GET',
    path: '/checkups/:id/:file',
    summary: 'The same as a page, as a PDF, or as it was hashed: report.html, report.pdf, report.json.',
    access: ADMINISTRATOR,
    params: params.extend({ file: z.enum(['report.html', 'report.pdf', 'report.json']) }),
    answer: { raw: 'application/octet-stream', contentSecurityPolicy: PRINTED_POLICY },
    async handle({ params: { id, file }, context }) {
      const bytes = (await context.service.checkupReportFile(id, file)) ?? noReport();
      // A page in a sandbox shows no PDF: it is kept, and opened from there.
      const shown = file === 'report.html' ? 'inline' : 'attachment';
      return new Response(new Uint8Array(bytes), {
        headers: {
          'Content-Type': TYPES[file],
          'Content-Disposition': `${shown}; filename="checkup-${id}${file.slice('report'.length)}"`,
        },
      });
    },
  }),
];

function noReport(): never {
  throw new AppError('NOT_FOUND', 'there is no such report');
}
