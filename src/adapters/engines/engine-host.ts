/**
 * Entry of a child process that holds the native engines, so that a crash, a hang or a leak of theirs costs one request.
 * Speaks {@link HostMessage} over the channel of `child_process.fork`, one request at a time; prints and writes nothing.
 */
import type { DocumentReader } from '../../app/ports/document-reader.js';
import type { PresenceEngine } from '../../app/ports/presence-engine.js';
import type { ImageInspector } from '../../app/ports/image-inspector.js';
import type { OnnxFaceEngine } from '../face/face-engine.js';
import type { PortraitNetworks } from '../face/portrait-networks.js';
import {
  toWireFault,
  type EngineCalls,
  type EngineRequest,
  type HostMessage,
  type HostUsage,
} from './protocol.js';

let reader: Promise<DocumentReader> | undefined;
let inspector: Promise<ImageInspector> | undefined;
let faceEngine: Promise<OnnxFaceEngine> | undefined;
/** The engine itself once it is there, for asking what it has loaded. */
let madeFaceEngine: OnnxFaceEngine | undefined;
let presence: Promise<PresenceEngine> | undefined;
let portraits: Promise<PortraitNetworks> | undefined;
let madePortraits: PortraitNetworks | undefined;

// Imported on first use, each: a host that never needs a face does not even map the code that could look for one.
const getReader = () =>
  (reader ??= import('../ocr/document-reader.js')
    .then(({ makeDocumentReader }) => makeDocumentReader())
    .catch((error: unknown) => {
      reader = undefined;
      throw error;
    }));

const getFaceEngine = () =>
  (faceEngine ??= import('../face/face-engine.js').then(
    ({ makeFaceEngine }) => (madeFaceEngine = makeFaceEngine()),
  ));

const getPortraits = () =>
  (portraits ??= import('../face/portrait-networks.js').then(
    ({ makePortraitNetworks }) => (madePortraits = makePortraitNetworks()),
  ));

const getPresence = () =>
  (presence ??= Promise.all([import('../face/presence-engine.js'), getPortraits()]).then(
    ([{ makePresenceEngine }, networks]) => makePresenceEngine(getFaceEngine, networks),
  ));

const getInspector = () =>
  (inspector ??= import('../images/image-inspector.js').then(({ makeImageInspector }) =>
    makeImageInspector({ faceEngine: getFaceEngine, portraits: getPortraits }),
  ));

async function answer({ kind, args }: EngineRequest): Promise<EngineCalls[EngineRequest['kind']]['result']> {
  switch (kind) {
    case 'warm':
      await Promise.all([getReader(), getInspector()]);
      return null;
    case 'read':
      return (await getReader()).read(args);
    case 'inspect':
      return (await getInspector()).inspect(args.bytes, args.slot, { faces: args.faces });
    case 'detect':
      return (await getFaceEngine()).detect(args.image);
    case 'compare':
      return (await getFaceEngine()).compare(args.document, args.selfie);
    case 'embed':
      return (await getFaceEngine()).embed(args.image);
    case 'observe':
      return (await getPresence()).observe(args.frames, args.selfie);
    case 'look':
      return (await getPresence()).look(args.selfie);
  }
}

function usage(): HostUsage {
  const faces = [...(madeFaceEngine?.loaded() ?? []), ...(madePortraits?.loaded() ?? [])];
  return {
    loaded: [...(reader === undefined ? [] : ['reader']), ...faces.map((network) => `face/${network}`)],
    faceInferences: (madeFaceEngine?.inferences() ?? 0) + (madePortraits?.inferences() ?? 0),
  };
}

const send = (message: HostMessage) => process.send?.(message);

async function serve(request: EngineRequest): Promise<void> {
  const outcome: HostMessage = await answer(request).then(
    (value) => ({ type: 'result', value }),
    (error: unknown) => ({ type: 'fault', fault: toWireFault(error) }),
  );
  send({ type: 'usage', usage: usage() });
  send(outcome);
}

process.on('message', (request: EngineRequest) => void serve(request));
// The parent is gone. Native code may still be running in other threads, and an orderly exit would wait for it.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A terminal's or container's stop signal reaches the whole group; the parent drains first and then ends its hosts.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
send({ type: 'ready' });
