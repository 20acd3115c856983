// Ways to run a program from Node that hide it from hooks of child_process.
const children = require('node:child_process');
const { Worker } = require('node:worker_threads');
const vm = require('node:vm');
const ended = (child) => new Promise((resolve) => {
  child.on('error', resolve);
  child.on('exit', resolve);
});
const inWorker = (options, path) => ended(new Worker(
  `require('node:child_process').spawnSync(${JSON.stringify(path)})`, { eval: true, ...options }));
const low = (path) => ({ file: path, args: [path], stdio: [{ type: 'ignore' }, { type: 'ignore' }, { type: 'ignore' }] });
const handle = (Process, path) => new Promise((resolve) => {
  const one = new Process();
  one.onexit = resolve;
  if (one.spawn(low(path))) resolve();
});

setInterval(() => {}, 1 << 30).ref(); // the loop goes on when nothing but a detached child is left

const ways = {
  exec: (path) => ended(children.exec(path)),
  exec_file: (path) => ended(children.execFile(path)),
  spawn: (path) => ended(children.spawn(path)),
  spawn_sync: async (path) => children.spawnSync(path),
  exec_sync: async (path) => { try { children.execSync(path, { stdio: 'ignore' }); } catch { /* refused */ } },
  shell: (path) => ended(children.spawn(path, { shell: true })),
  without_environment: (path) => ended(children.spawn(path, { env: {} })),
  detached: (path) => { const one = children.spawn(path, { detached: true, stdio: 'ignore' }); one.unref(); return ended(one); },
  fork: (path) => ended(children.fork('-e', [], { execPath: path, execArgv: [] })),
  process_wrap: (path) => handle(process.binding('process_wrap').Process, path),
  spawn_sync_binding: async (path) => process.binding('spawn_sync').spawn(low(path)),
  constructor_of_a_handle: (path) => handle(children.spawn('/bin/true')._handle.constructor, path),
  worker: (path) => inWorker({}, path),
  worker_without_anything: (path) => inWorker({ env: {}, execArgv: [] }, path),
  other_context: (path) => ended(vm.runInNewContext('r("child_process").spawn(p)', { r: require, p: path })),
  out_of_a_sandbox: (path) => ended(vm.runInNewContext(
    'x.constructor.constructor("return process")()', { x: {} }).mainModule.require('node:child_process').spawn(path)),
  addon: async (path) => {
    process.env.PAYLOAD = path;
    try { process.dlopen({ exports: {} }, process.env.ADDON); } catch { /* it is no real addon */ }
    delete process.env.PAYLOAD;
  },
};

exports.ways = Object.keys(ways);
if (!process.env.AWS_LAMBDA_RUNTIME_API) setImmediate(() => process.exit(0)); // only asked for their names
exports.handler = async (event) => { await ways[event.way](event.path); return {}; };
