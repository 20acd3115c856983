// The least of a runtime for Node: asks for events, calls the handler, answers.
const http = require('node:http');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });
const call = (method, path, body) => new Promise((resolve, reject) => {
  const request = http.request({ host, port, method, path, agent }, (answer) => {
    const parts = [];
    answer.on('data', (part) => parts.push(part));
    answer.on('end', () => resolve([answer.headers, Buffer.concat(parts)]));
  });
  request.on('error', reject);
  request.end(body);
});
const { handler } = require(`${process.env.LAMBDA_TASK_ROOT}/app.js`);
(async () => {
  for (;;) {
    const [headers, body] = await call('GET', '/2018-06-01/runtime/invocation/next');
    const id = headers['lambda-runtime-aws-request-id'];
    const answer = await handler(JSON.parse(body)).catch((error) => ({ error: String(error) }));
    await call('POST', `/2018-06-01/runtime/invocation/${id}/response`, JSON.stringify(answer ?? {}));
  }
})().catch(() => process.exit(0));
