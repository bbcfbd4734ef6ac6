/**
 * The ONNX runtime keeps a device id and a queue of events for its maker under ~/.cache, and sends them, unless this is
 * set when its library is loaded. It reads the process's own environment: threads that load it must share that.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
