/**
 * The program of a node of ours, which each suite gives its own member: does what the benchmark tells it over IPC, prints its report, and its views
 * when it is asked to.
 */
import type { HostOptions } from '@choir/drivers';
import type { Load } from '../load.ts';
import { Tally } from '../tally.ts';
import type { Command, NodeOptions, Told } from './node-message.ts';
import { sendAll } from './sending.ts';

export type { NodeOptions } from './node-message.ts';

/** Hears what its group delivers. */
export type Hearing = {
  /** @param sender the number of its processor */
  readonly delivered: (sender: number, bytes: Uint8Array) => void;
  /** @param members how many are in the new view */
  readonly viewed: (members: number) => void;
};

export type Member = {
  /** Hands a message over; resolves when there was room for it. */
  readonly send: (bytes: Uint8Array) => Promise<void>;
};

/** Known to everybody: the traffic of a benchmark is no secret. */
const keys = [{ id: 1, key: new Uint8Array(32).fill(1) }];

/** What a processor, or a transport, is opened with. */
export function hostOptionsOf({ network, processorNumber, encrypted }: NodeOptions): HostOptions {
  const protection = encrypted ? { keys } : ({ insecure: true } as const);
  return { network, processorNumber, ...protection };
}

/** @param join joins the group of all nodes, and stays in it */
export function serve(join: (options: NodeOptions, hearing: Hearing) => Promise<Member>): void {
  let member: Member | null = null;
  let members = 0;
  let prints = false;
  /** It counts from the start: others may send before this node is told of the load. */
  const tally = new Tally();
  let ended = () => {};

  const printView = (): void => {
    console.log(JSON.stringify({ atNs: String(process.hrtime.bigint()), members }));
  };

  const hearing: Hearing = {
    delivered(sender, bytes) {
      tally.deliver(sender, new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
      ended();
    },
    viewed(count) {
      members = count;
      const told: Told = { kind: 'view', members };
      process.send?.(told);
      if (prints) printView();
    },
  };

  const run = async ({ send }: Member, load: Load, sends: boolean): Promise<void> => {
    const usageBefore = process.threadCpuUsage();
    const over = Promise.withResolvers<void>();
    ended = () => {
      if (tally.ended === load.senders) over.resolve();
    };
    ended();
    const sent = sends ? await sendAll({ load, send }) : 0;
    await over.promise;
    const { user, system } = process.threadCpuUsage(usageBefore);
    const report = tally.report(sent, load.warmUpSeconds);
    console.log(JSON.stringify({ ...report, threadMs: (user + system) / 1_000 }));
  };

  process.on('message', (command: Command) => {
    if (command.kind === 'open') {
      void join(command.options, hearing).then((joined) => {
        member = joined;
      });
    } else if (command.kind === 'watch') {
      prints = true;
      printView();
    } else if (member !== null) void run(member, command.load, command.sends);
  });
}
