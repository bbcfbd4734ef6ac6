/** The ONNX runtime, silenced before it is loaded: the one module that imports it. */
import './no-telemetry.ts';

export { InferenceSession, Tensor } from 'onnxruntime-node';
