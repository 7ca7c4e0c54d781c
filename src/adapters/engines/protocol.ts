import type { DocumentReading } from '../../app/ports/document-reader.js';
import type { FaceBox, FaceComparison } from '../../app/ports/face-engine.js';
import type { FrameObservation } from '../../app/ports/presence-engine.js';
import type { InspectedImage } from '../../app/ports/image-inspector.js';
import type { CaptureCues } from '../../domain/capture-cues.js';
import { AppError, EngineError, PROBLEMS, type FaultCode, type ProblemCode } from '../../domain/errors.js';
import type { Slot } from '../../domain/reasons.js';

/** What can be asked of a host, by kind: arguments and answer. Everything crosses as a structured clone. */
export interface EngineCalls {
  /** Loads what every request needs. Never face models: a host that only serves people who refused them shall not hold any. */
  warm: { args: Record<string, never>; result: null };
  read: { args: { front: Uint8Array; back?: Uint8Array; today: string }; result: DocumentReading };
  inspect: { args: { bytes: Uint8Array; slot: Slot; faces: boolean }; result: InspectedImage };
  detect: { args: { image: Uint8Array }; result: readonly FaceBox[] };
  compare: { args: { document: Uint8Array; selfie: Uint8Array }; result: FaceComparison };
  embed: {
    args: { image: Uint8Array };
    result: { readonly template: Float32Array | null; readonly faces: number };
  };
  observe: {
    args: { frames: readonly Uint8Array[]; selfie: Uint8Array };
    result: readonly FrameObservation[];
  };
  look: { args: { selfie: Uint8Array }; result: CaptureCues };
}
export type EngineCallKind = keyof EngineCalls;

export type EngineRequest = {
  [K in EngineCallKind]: { readonly kind: K; readonly args: EngineCalls[K]['args'] };
}[EngineCallKind];

/** What a host has opened and run since it started. */
export interface HostUsage {
  /** `reader` for the document reader, `face/<network>` for each face network. */
  readonly loaded: readonly string[];
  /** Runs of face networks. */
  readonly faceInferences: number;
}

/** An error without its message: that could quote what was in an image, or name files. */
export interface WireFault {
  readonly type: 'app' | 'engine';
  readonly code: string;
}

export type HostMessage =
  | { readonly type: 'ready' }
  /** Sent before an answer, so that a host which dies in between has still told what it opened. */
  | { readonly type: 'usage'; readonly usage: HostUsage }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'fault'; readonly fault: WireFault };

export function toWireFault(error: unknown): WireFault {
  if (error instanceof AppError) return { type: 'app', code: error.code };
  if (error instanceof EngineError) return { type: 'engine', code: error.code };
  return { type: 'engine', code: 'engine_failed' };
}

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);

const ENGINE_FAULTS: readonly FaultCode[] = [
  'image_undecodable',
  'engine_failed',
  'engine_timeout',
  'engine_crashed',
];

/** The error that a host met, made anew from its code; a code that is not known is `engine_failed`. */
export function fromWireFault({ type, code }: WireFault): AppError | EngineError {
  if (type === 'app' && isProblemCode(code)) return new AppError(code);
  return new EngineError(ENGINE_FAULTS.find((known) => known === code) ?? 'engine_failed');
}
