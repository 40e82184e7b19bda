/** Options that several commands take. Those of one command stand with that command. */

export type Option = {
  readonly short?: string;
  /** What stands for the value in help texts; an option without one is a flag. */
  readonly value?: string;
  readonly repeatable?: boolean;
  /** What holds when it is not given, as it would be typed; the help says it, too. */
  readonly default?: string;
  /** It says what this run is to do: neither the environment nor a file gives it. */
  readonly ofOneRun?: true;
  readonly help: string;
};

export type OptionTable = { readonly [name: string]: Option };

export const help: OptionTable = {
  help: { short: 'h', help: 'Shows the help of the command.' },
};

export const json: OptionTable = {
  json: { ofOneRun: true, help: 'Prints one JSON object per line.' },
};

/** For a server that wants a token. */
export const showing: OptionTable = {
  'token-file': {
    value: 'FILE',
    help: 'A token for a server that asks for one; read again for each connection.',
  },
  token: {
    value: 'TOKEN',
    help: 'The same, where others may see it: in the list of processes (better: CHOIR_TOKEN).',
  },
};

export const connecting: OptionTable = {
  server: {
    short: 's',
    value: 'ws://HOST:PORT',
    repeatable: true,
    help: 'The server; several are tried in turn (CHOIR_SERVER; default ws://127.0.0.1:7400).',
  },
  id: {
    value: 'ID',
    help: 'Keeps this identity and what it has pending between runs (see `choir help identity`).',
  },
  ...showing,
  ...json,
};

/** For the commands that end by themselves. */
export const patience: OptionTable = {
  timeout: {
    value: 'DURATION',
    help: 'Gives up when the server does not answer for this long (default 10s; 0: never).',
  },
};

export const naming: OptionTable = {
  name: { value: 'NAME', help: 'The name that other members see (default: the id).' },
};
