// Jest runs tests in a realm of its own, whose typed arrays are other classes than the ones
// that native addons check for with instanceof: onnxruntime then refuses every tensor.
// Sharing the outer realm's constructors makes both sides speak of the same classes.
// What a test sets in its `process.env` is a copy: see src/sampling/no-telemetry.ts.
process.env.ORT_DISABLE_TELEMETRY = '1';

const { TestEnvironment } = require('jest-environment-node');

const SHARED = [
  'ArrayBuffer',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'BigInt64Array',
  'BigUint64Array',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
];

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of SHARED) this.global[name] = globalThis[name];
  }
};
