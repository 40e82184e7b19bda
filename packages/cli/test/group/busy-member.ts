// A member of the group that is named, whose application stands still from then on; it has state, and answers no requests.
import { joinGroup, ReplicatedMap } from '@choir/process-group';

const [name = '', label = ''] = process.argv.slice(2);
await joinGroup(name, { label, replicas: { scores: new ReplicatedMap() } });
if (label === 'busy') {
  console.log('joined');
  for (;;);
}
console.log('joined');
process.stdin.resume();
