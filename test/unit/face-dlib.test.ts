import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { makeEnginePool } from '../../src/adapters/engines/engine-pool.js';
import { fitChip, squareAround } from '../../src/adapters/face/dlib/align.js';
import { makeDlibFaceEngine } from '../../src/adapters/face/dlib/dlib-engine.js';
import { depthwiseFilters, filters } from '../../src/adapters/face/dlib/layers.js';
import { makeGraph } from '../../src/adapters/face/dlib/onnx-graph.js';
import { toPolicyScale } from '../../src/adapters/face/dlib/score-scale.js';
import { parseWeights, weightsAreInstalled } from '../../src/adapters/face/dlib/weights.js';
import { faceEngineSetup } from '../../src/adapters/face/face-engine-setup.js';
import { makeFaceEngine } from '../../src/adapters/face/face-engine.js';
import { makeNetworks } from '../../src/adapters/face/networks.js';
import { ConfigError, readConfig } from '../../src/config.js';
import { FACE_POLICY, judgeFaceScore } from '../../src/domain/face-policy.js';
import { cropFace, portraitOf, printedPage } from '../support/pictures.js';

const woman = await cropFace('sample1', 0);
const sameWoman = await cropFace('sample3', 0);
const somebodyElse = await cropFace('sample6', 0);

describe('dlib’s face engine', () => {
  const engine = makeDlibFaceEngine();
  afterAll(() => engine.close());

  it('opens no network before a face is asked for', () => {
    expect(engine.loaded()).toEqual([]);
    expect(engine.inferences()).toBe(0);
  });

  it('passes one person in two photographs and does not pass two persons', async () => {
    const genuine = await engine.compare(woman, sameWoman);
    expect(judgeFaceScore(genuine.score)).toBe('pass');
    expect(genuine.faces).toEqual([1, 1]);
    expect(judgeFaceScore((await engine.compare(woman, somebodyElse)).score)).not.toBe('pass');
  });

  it('compares a document on its side', async () => {
    const page = await printedPage({ portrait: await portraitOf('sample3') });
    const turned = await sharp(page).rotate(90).jpeg().toBuffer();
    expect(judgeFaceScore((await engine.compare(turned, woman)).score)).toBe('pass');
  });

  it('gives templates of its own', async () => {
    const { template } = await engine.embed(woman);
    expect(template).toHaveLength(128);
    expect(engine.model).not.toBe(makeFaceEngine('faceplugin').model);
  });
});

describe('scale of dlib’s scores', () => {
  it('has its operating points where the policy’s are, and never falls', () => {
    expect(toPolicyScale(0)).toBe(0);
    expect(toPolicyScale(0.905)).toBeCloseTo(FACE_POLICY.uncertain, 6);
    expect(toPolicyScale(0.94)).toBeCloseTo(FACE_POLICY.pass, 6);
    expect(toPolicyScale(1)).toBe(1);
    const scores = Array.from({ length: 101 }, (_, i) => toPolicyScale(i / 100));
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  });
});

describe('weights', () => {
  const entries = [
    { name: 'a', shape: [2, 2], quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
    { name: 'b', shape: [1] },
  ];
  const bytes = Buffer.concat([Buffer.from([0, 1, 2, 4]), new Uint8Array(Float32Array.of(2.5).buffer)]);

  it('are read in the order of the manifest, bytes scaled', () => {
    const weights = parseWeights(entries, bytes);
    expect(weights.get('a')).toEqual({ shape: [2, 2], data: Float32Array.of(-1, -0.5, 0, 1) });
    expect(weights.get('b')).toEqual({ shape: [1], data: Float32Array.of(2.5) });
    expect(() => weights.get('c')).toThrow('weight_missing');
  });

  it('are refused where the file is of another length', () => {
    expect(() => parseWeights(entries, bytes.subarray(1))).toThrow('weights_do_not_fit');
  });

  it('are there', () => {
    expect(weightsAreInstalled()).toBe(true);
  });

  it('change their order of axes', () => {
    // Row, column, input, output: 1 × 2 × 1 × 2.
    const tensor = { shape: [1, 2, 1, 2], data: Float32Array.of(1, 2, 3, 4) };
    expect(filters(tensor)).toEqual({ shape: [2, 1, 1, 2], data: Float32Array.of(1, 3, 2, 4) });
    expect(filters(tensor, (output) => (output === 0 ? 10 : 1)).data).toEqual(Float32Array.of(10, 30, 2, 4));
    const depthwise = { shape: [1, 2, 2, 1], data: Float32Array.of(1, 2, 3, 4) };
    expect(depthwiseFilters(depthwise)).toEqual({ shape: [2, 1, 1, 2], data: Float32Array.of(1, 3, 2, 4) });
  });
});

describe('networks written in ONNX', () => {
  it('run as they were put together', async () => {
    const graph = makeGraph([1, 1, 2, 2]);
    const kernel = graph.constant({ shape: [1, 1, 1, 1], data: Float32Array.of(-2) });
    const scaled = graph.apply('Conv', [graph.input, kernel], { strides: [1, 1], auto_pad: 'VALID' });
    const leaky = graph.apply('LeakyRelu', [scaled], { alpha: 0.25 });
    const flat = graph.apply('Reshape', [leaky, graph.integers([1, -1])]);
    const bytes = graph.build({ whole: flat, first: graph.apply('Flatten', [leaky], { axis: 1 }) });
    const networks = makeNetworks({ small: () => Promise.resolve(bytes) });
    const outputs = await networks.run('small', Float32Array.of(-1, 2, -3, 4), [1, 1, 2, 2]);
    expect([...(outputs['whole'] ?? [])]).toEqual([2, -1, 6, -2]);
    expect(Object.keys(outputs).sort()).toEqual(['first', 'whole']);
    await networks.close();
  });
});

describe('alignment for dlib', () => {
  it('takes a square around a box', () => {
    expect(squareAround({ left: 10, top: 10, width: 20, height: 40 })).toEqual({
      left: 0,
      top: 10,
      width: 40,
      height: 40,
    });
  });

  it('lays the mean face on the mean face', () => {
    const landmarks = new Float32Array(136);
    const mean = {
      36: [37.06, 46.37],
      39: [58.41, 47.91],
      42: [89.61, 47.9],
      45: [110.96, 46.35],
      33: [74.01, 87.78],
    };
    for (const [point, [x = 0, y = 0]] of Object.entries(mean))
      landmarks.set([x / 300, y / 300], 2 * Number(point));
    const { similarity, misfit } = fitChip(landmarks, { left: 50, top: 70, width: 300, height: 300 });
    expect(similarity.a).toBeCloseTo(1, 4);
    expect(similarity.tx).toBeCloseTo(-50, 3);
    expect(similarity.ty).toBeCloseTo(-70, 3);
    expect(misfit).toBeLessThan(0.001);
  });
});

describe('choice of the face engine', () => {
  const environment = {
    DATABASE_URL: 'postgres://localhost/x',
    REDIS_URL: 'redis://localhost',
    KEY_DIR: '/keys',
    BLOB_DIR: '/blobs',
  };

  it('is by configuration', () => {
    expect(readConfig(environment).faceEngine).toBe('faceplugin');
    expect(readConfig({ ...environment, FACE_ENGINE: 'dlib' }).faceEngine).toBe('dlib');
    expect(() => readConfig({ ...environment, FACE_ENGINE: 'eigenfaces' })).toThrow(ConfigError);
  });

  it('makes hosts that use it', async () => {
    const { hostPath = '', model } = faceEngineSetup('dlib');
    expect(model).toBe(makeFaceEngine('dlib').model);
    const pool = makeEnginePool({
      size: 1,
      timeoutMs: 40_000,
      maxRssBytes: 2 * 1024 ** 3,
      recycleAfter: 100,
      // The sources stand beside each other as the compiled files do.
      hostPath: hostPath.replace(/\.js$/, '.ts'),
      hostArgv: ['--import', fileURLToPath(new URL('../support/ts-loader.mjs', import.meta.url))],
    });
    expect((await pool.embed(woman)).template).toHaveLength(128);
    await pool.close();
  });
});
