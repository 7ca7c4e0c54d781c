import { toJpeg } from './prepare-photo.js';

export type Facing = 'user' | 'environment';
export type CameraFault = 'denied' | 'missing' | 'busy';

export class CameraError extends Error {
  constructor(readonly fault: CameraFault) {
    super(fault);
    this.name = 'CameraError';
  }
}

export interface Camera {
  readonly video: HTMLVideoElement;
  /** Whether there is another one to change to. */
  readonly hasOthers: boolean;
  /** The picture as the camera sees it, unmirrored. */
  shoot(): Promise<Blob>;
  close(): void;
}

/** Whether this browser lets pages use a camera at all: over plain HTTP from elsewhere it does not. */
export const hasCamera = (): boolean => 'mediaDevices' in navigator;

/**
 * Opens a camera: the one that looks at the person (`user`) or away from them (`environment`), where there are both.
 * @throws CameraError
 */
export async function openCamera(facing: Facing): Promise<Camera> {
  const stream = await navigator.mediaDevices
    .getUserMedia({
      audio: false,
      video: { facingMode: { ideal: facing }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    })
    .catch((error: unknown) => {
      throw new CameraError(faultOf(error));
    });
  const video = document.createElement('video');
  video.autoplay = true;
  video.muted = true;
  // Else iPhones show the camera full screen, without our frame and buttons.
  video.playsInline = true;
  video.srcObject = stream;
  const close = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    await video.play();
    const devices = await navigator.mediaDevices.enumerateDevices();
    return {
      video,
      hasOthers: devices.filter(({ kind }) => kind === 'videoinput').length > 1,
      shoot: () => toJpeg(video, video.videoWidth, video.videoHeight),
      close,
    };
  } catch {
    close();
    throw new CameraError('busy');
  }
}

function faultOf(error: unknown): CameraFault {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'busy';
}
