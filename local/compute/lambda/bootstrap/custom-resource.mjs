// Functions of custom resources answer CloudFormation by TLS on the default port, to the host of the address that they are given, whatever
// its port is. Here that host is this machine, where loopback counts as TLS: the port stands in the path.
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const answerPath = /^\/custom-resource-answer\/(\d+)\//;
const { request } = https;

https.request = (...args) => {
  const [options, ...rest] = args;
  const port = typeof options === 'object' && (options.hostname ?? options.host) === '127.0.0.1' ? answerPath.exec(options.path ?? '')?.[1] : undefined;
  return port === undefined ? request(...args) : http.request({ ...options, port: Number(port), protocol: 'http:', agent: undefined }, ...rest);
};
syncBuiltinESMExports();
