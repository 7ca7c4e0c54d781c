import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '../../src/project-root.js';
import type { Compare } from './contestants.js';

/** What one can install instead, and the runtime that both of them want: 370 MB, so it is fetched for the bench alone. */
const PACKAGES = [
  '@vladmandic/human@3.3.6',
  '@vladmandic/face-api@1.7.15',
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
] as const;

const folder = path.join(projectRoot, '.cache', 'bench-peers');
const inside = (name: string) => path.join(folder, 'node_modules', name);

/** Installs them where they are not yet. @throws Error `peers_not_installed` */
export async function installPeers(progress: (line: string) => void): Promise<void> {
  const done = path.join(folder, 'installed');
  if (existsSync(done) && readFileSync(done, 'utf8') === PACKAGES.join()) return;
  progress('installing what Lethe is compared with');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', ...PACKAGES];
  const npm = spawn('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(npm, 'exit')) as [number | null];
  if (code !== 0) throw new Error('peers_not_installed');
  writeFileSync(done, PACKAGES.join());
}

/** As much of TensorFlow.js as is used here. */
interface Tf {
  tensor(data: Uint8Array, shape: readonly number[], type: 'int32'): object;
  dispose(tensor: object): void;
  setBackend(name: string): Promise<unknown>;
  ready(): Promise<unknown>;
  getBackend(): string;
}
interface FaceNet {
  loadFromDisk(folder: string): Promise<void>;
}
interface FaceApi {
  readonly tf: Tf;
  readonly nets: Readonly<Record<'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet', FaceNet>>;
  detectSingleFace(image: object): {
    withFaceLandmarks(): { withFaceDescriptor(): Promise<{ readonly descriptor: Float32Array } | undefined> };
  };
  euclideanDistance(a: Float32Array, b: Float32Array): number;
}
interface Human {
  readonly tf: Tf;
  init(): Promise<void>;
  load(): Promise<void>;
  detect(image: object): Promise<{ readonly face: readonly { readonly embedding?: readonly number[] }[] }>;
  readonly match: { similarity(a: readonly number[], b: readonly number[]): number };
}

/** In Node both load their models and their WebAssembly by `fetch`, which there knows no files. Only for processes of this bench. */
function fetchFiles(): void {
  const types: Readonly<Record<string, string>> = {
    '.json': 'application/json',
    '.wasm': 'application/wasm',
  };
  globalThis.fetch = (input) => {
    const file = (input instanceof Request ? input.url : String(input)).replace(/^file:\/\//, '');
    const type = types[path.extname(file)] ?? 'application/octet-stream';
    return Promise.resolve(
      new Response(new Uint8Array(readFileSync(file)), { headers: { 'content-type': type } }),
    );
  };
}

async function toTensor(tf: Tf, image: Uint8Array): Promise<object> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return tf.tensor(data, [info.height, info.width, 3], 'int32');
}

const wasmFolder = () => `${inside('@tensorflow/tfjs-backend-wasm')}/dist/`;

async function openFaceApi(): Promise<FaceApi> {
  fetchFiles();
  const require = createRequire(path.join(folder, 'package.json'));
  require(inside('@tensorflow/tfjs'));
  const wasm = require(inside('@tensorflow/tfjs-backend-wasm')) as {
    setWasmPaths(folder: string, all: boolean): void;
  };
  wasm.setWasmPaths(wasmFolder(), true);
  const faceApi = require(
    path.join(inside('@vladmandic/face-api'), 'dist', 'face-api.node-wasm.js'),
  ) as FaceApi;
  await faceApi.tf.setBackend('wasm');
  await faceApi.tf.ready();
  const models = path.join(inside('@vladmandic/face-api'), 'model');
  for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'] as const)
    await faceApi.nets[net].loadFromDisk(models);
  return faceApi;
}

/** `@vladmandic/face-api` on WASM, as its documentation uses it: SSD MobileNet, 68 landmarks, descriptor. */
export function faceApiPeer(): Compare {
  let opened: Promise<FaceApi> | undefined;
  return async (document, selfie) => {
    const faceApi = await (opened ??= openFaceApi());
    const describe = async (image: Uint8Array) => {
      const tensor = await toTensor(faceApi.tf, image);
      const found = await faceApi.detectSingleFace(tensor).withFaceLandmarks().withFaceDescriptor();
      faceApi.tf.dispose(tensor);
      return found?.descriptor;
    };
    const [a, b] = [await describe(document), await describe(selfie)];
    return a && b ? 1 - faceApi.euclideanDistance(a, b) : null;
  };
}

async function openHuman(): Promise<Human> {
  fetchFiles();
  const require = createRequire(path.join(folder, 'package.json'));
  const { Human } = require(path.join(inside('@vladmandic/human'), 'dist', 'human.node-wasm.js')) as {
    readonly Human: new (config: object) => Human;
  };
  const off = { enabled: false };
  const human = new Human({
    backend: 'wasm',
    wasmPath: wasmFolder(),
    modelBasePath: `file://${inside('@vladmandic/human')}/models/`,
    debug: false,
    cacheSensitivity: 0,
    filter: off,
    face: {
      enabled: true,
      detector: { rotation: true, maxDetected: 1 },
      mesh: { enabled: true },
      description: { enabled: true },
      iris: off,
      emotion: off,
      antispoof: off,
      liveness: off,
    },
    body: off,
    hand: off,
    object: off,
    gesture: off,
    segmentation: off,
  });
  await human.init();
  await human.load();
  return human;
}

/** `@vladmandic/human` on WASM with nothing but what a comparison takes: detector, mesh, description. */
export function humanPeer(): Compare {
  let opened: Promise<Human> | undefined;
  return async (document, selfie) => {
    const human = await (opened ??= openHuman());
    const describe = async (image: Uint8Array) => {
      const tensor = await toTensor(human.tf, image);
      const { face } = await human.detect(tensor);
      human.tf.dispose(tensor);
      return face[0]?.embedding;
    };
    const [a, b] = [await describe(document), await describe(selfie)];
    return a && b ? human.match.similarity(a, b) : null;
  };
}
