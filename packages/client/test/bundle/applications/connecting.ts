import { connect } from '@choir/client';

Object.assign(globalThis, { connect });
