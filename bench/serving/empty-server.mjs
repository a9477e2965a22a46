import { createServer } from 'node:http';

// Answers without reading what it is asked: what Node itself takes to start.
const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1', () => console.log(JSON.stringify({ message: 'Listening', port: server.address().port })));
