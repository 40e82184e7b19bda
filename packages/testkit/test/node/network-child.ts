// node network-child.ts     makes a network, prints the names of its namespaces, and waits to be ended

import { makeNamespaces } from '@choir/testkit/node';

const network = await makeNamespaces({ hosts: 1 });
console.log(JSON.stringify(network.left()));
setInterval(() => {}, 1_000_000);
