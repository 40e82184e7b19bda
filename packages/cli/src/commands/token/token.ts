import { algorithms } from '@choir/server';
import type { Command } from '../../arguments/command.ts';
import type { Given } from '../../arguments/given.ts';
import { json } from '../../arguments/option.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { issue } from './issue.ts';
import { make } from './make.ts';
import { show } from './show.ts';

export const tokenCommand: Command = {
  name: 'token',
  summary: 'Makes keys and tokens, and shows what a token says.',
  synopsis: '[make FILE | show [TOKEN]] [OPTION…]',
  options: {
    keys: { value: 'FILE', help: 'The keys: the first one signs; all of them verify.' },
    sub: { value: 'NAME', help: 'Whose token it is.' },
    allow: {
      value: 'GROUPS:VERBS',
      repeatable: true,
      help: 'What its bearer may do, and where: a name, the beginning of names and *, or *.',
    },
    for: { value: 'DURATION', help: 'How long it holds (default 8h).' },
    audience: { value: 'NAME', help: 'Which servers it is for, by their --token-audience.' },
    algorithm: {
      value: algorithms.join('|'),
      help: 'What a key that is made is for (default EdDSA).',
    },
    ...json,
  },
  examples: [
    ['choir token make keys.json', 'a key that signs, and its public half beside it'],
    ['choir serve --token-keys keys.public.json', 'lets in only who has a token'],
    [
      "choir token --keys keys.json --sub ann --allow 'team/*:join' > ann.token",
      'for a working day',
    ],
    ['choir join team/design --token-file ann.token', 'shows it'],
    ['choir token show --keys keys.public.json < ann.token', 'what it says, and whether it holds'],
  ],
  notes: [
    'Verbs: join (and rename); watch (and read objects, members and the log); broadcast (and ' +
      'cursors); state (write objects, create groups, set properties); checkpoint (replace the state); ' +
      'lock; break (the locks of others); admin (delete groups); * for all. None implies another.',
    'A token is as good as a password for as long as it holds: keep it in files of your own, and make ' +
      'it short-lived. It cannot be called back; taking the key out of the file of the server lets ' +
      'nobody in any more whose token it signed.',
    'An application that knows its users signs tokens itself: any library for JSON Web Tokens does, ' +
      'with the claims that show prints.',
  ],
  words: { names: [], max: 2 },
  run: runToken,
};

async function runToken(given: Given, context: Context): Promise<ExitCode> {
  const [verb, word] = given.words;
  switch (verb) {
    case undefined:
      return issue(given, context.output);
    case 'make':
      return make(given, context.output);
    case 'show':
      return show(word, given, context);
    default:
      throw usage(
        `choir token does not ${JSON.stringify(verb)}; it can make and show.`,
        'Without either it issues a token. Examples: choir help token',
      );
  }
}
