export { copyOf } from './copies.ts';
export {
  type DatagramFaultName,
  type DatagramFaultOptions,
  datagramFaultNames,
  datagramFaults,
} from './faults.ts';
export {
  DatagramNetwork,
  type DatagramNetworkOptions,
  datagramBytesMax,
  type Receive,
  type Tap,
} from './network.ts';
export type { Spell, Weather } from './weather.ts';
