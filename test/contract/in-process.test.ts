import { contractSuite, inProcess } from './suite.ts';

contractSuite('the core in this process', () => inProcess());
