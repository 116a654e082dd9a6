import { Settings, SettingsAnswer, SettingsPatch } from '../../contract/index.ts';
import { ADMINISTRATOR } from '../access.ts';
import { route } from '../route.ts';

export const settingsRoutes = [
  route({
    method: 'GET',
    path: '/settings',
    summary: 'The settings of the service.',
    access: ADMINISTRATOR,
    answer: SettingsAnswer,
    handle: ({ context: { service } }) => ({
      settings: service.settings.read(),
      said: service.settings.said(),
      problem: service.settings.problem(),
    }),
  }),
  route({
    method: 'PATCH',
    path: '/settings',
    summary: 'Change settings, as RFC 7396 has it: what is not mentioned stays, null takes a value back to its own.',
    access: ADMINISTRATOR,
    body: SettingsPatch,
    answer: Settings,
    handle: ({ body, context: { service } }) => service.settings.write(body),
  }),
];
