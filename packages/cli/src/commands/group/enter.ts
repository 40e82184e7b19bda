/** Joins the group of the command line: on this machine, or with `--listen` across machines. */
import { readKeys } from '@choir/drivers';
import { type JoinOptions, joinGroup, type ProcessGroup, Transport } from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import { ownAddress, usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { Output } from '../../output/output.ts';
import { groupFailure } from './group-failure.ts';

const networkOptions = ['seed', 'init', 'key'] as const;

/** What the command itself says of its member. */
export type Entrance = Pick<JoinOptions, 'label' | 'observer'>;

/** @throws Failure */
export async function enterGroup(
  given: Given,
  context: Context,
  entrance: Entrance = {},
): Promise<ProcessGroup> {
  const { interruption } = context;
  try {
    return await enter(given, context, entrance);
  } catch (error) {
    if (interruption.signal.aborted) throw interruption.failure();
    throw groupFailure(error);
  }
}

function enter(
  given: Given,
  { output, interruption }: Context,
  entrance: Entrance,
): Promise<ProcessGroup> {
  const name = given.word(1, 'NAME');
  const label = given.text('id');
  const timeoutMs = given.durationMs('timeout');
  const options: JoinOptions & { readonly onWarning: (text: string) => void } = {
    ...entrance,
    ...(label === undefined ? {} : { label }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    signal: interruption.signal,
    onWarning: (text) => output.note(text),
  };
  const listen = given.text('listen');
  if (listen !== undefined) return enterOnNetwork(name, { ...options, listen }, given, output);
  for (const option of networkOptions) {
    if (given.flag(option)) throw usage(`--${option} is of use with --listen only.`);
  }
  return joinGroup(name, options);
}

type NetworkOptions = JoinOptions & {
  readonly listen: string;
  readonly onWarning: (text: string) => void;
};

async function enterOnNetwork(
  name: string,
  { listen, onWarning, ...options }: NetworkOptions,
  given: Given,
  output: Output,
): Promise<ProcessGroup> {
  const own = ownAddress('--listen', listen);
  const key = given.text('key');
  if (key === undefined) {
    throw usage(
      '--listen needs --key: a file with the keys that all members have.',
      `Make one: echo "1 $(openssl rand -hex 32)" > cluster.key; chmod 600 cluster.key`,
    );
  }
  const seeds = given.list('seed');
  const init = given.flag('init');
  if (!init && seeds.length === 0) throw usage('--listen needs a --seed, or --init.');
  const network = { kind: 'unicast', ...own, seeds } as const;
  const transport = await Transport.open({ network, keys: await readKeys(key), onWarning });
  const { address } = transport;
  // An observer is gone again before anybody could ask it.
  if (options.observer !== true) {
    output.result(
      { type: 'listening', address },
      output.paint('dim', `a seed for others: ${address}`),
    );
  }
  try {
    const group = await transport.join(name, { ...options, init });
    group.afterwards(() => transport.close());
    return group;
  } catch (error) {
    await transport.close();
    throw error;
  }
}
