export { canMakeNamespaces, type Possible } from './can-make-namespaces.ts';
export {
  type Host,
  makeNamespaces,
  Namespaces,
  NamespacesError,
  type NamespacesOptions,
} from './namespaces.ts';
export { onProcessEnd } from './process-end.ts';
export { administratorEnv, CommandError, runCommand } from './run-command.ts';
