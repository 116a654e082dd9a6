export { StateJson } from '../../shared/state-json.ts';
