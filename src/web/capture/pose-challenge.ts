import { button, el, fill, freshId, type Child } from '../lib/dom.js';
import { CameraError, hasCamera, openCamera, type Camera } from './camera.js';
import type { Challenge } from './capture-api.js';
import type { PhotoSlot } from './photo-slot.js';
import { toJpeg } from './prepare-photo.js';
import type { Stage } from './screen.js';

/** A frame shot, with the time of the page's clock. */
interface Frame {
  readonly photo: Blob;
  readonly at: number;
}

type State =
  | { readonly kind: 'idle'; readonly message?: string }
  | { readonly kind: 'opening' }
  | {
      readonly kind: 'posing';
      readonly camera: Camera;
      readonly challenge: Challenge;
      readonly frames: readonly Frame[];
    }
  | { readonly kind: 'sending' }
  | { readonly kind: 'done' };

/** Longer side of a frame in pixels: enough for a face at arm's length, and small enough for a slow line. */
const FRAME_SIDE = 960;

/** An optional series of poses in a random order, taken at the learner's own pace. Offered after the selfie, and to whoever agreed to it. */
export function makePoseChallenge(stage: Stage): PhotoSlot {
  const texts = stage.texts.capture.challenge;
  const photoTexts = stage.texts.capture.photo;
  const headingId = freshId('challenge');
  const told = el('div', { class: 'verdict', role: 'status' });
  const frame = el('div', { class: 'frame portrait' });
  const actions = el('div', { class: 'actions' });
  const element = el(
    'section',
    { class: 'slot', 'aria-labelledby': headingId },
    el(
      'h2',
      { id: headingId },
      texts.title,
      el('span', { class: 'tag' }, stage.texts.capture.document.optional),
    ),
    el('p', {}, texts.intro),
    told,
    frame,
    actions,
  );
  let state: State = { kind: 'idle' };
  /** A camera that opens after the screen was left must go off again. */
  let closed = false;

  function enter(next: State): void {
    if (state.kind === 'posing' && (next.kind !== 'posing' || next.camera !== state.camera))
      state.camera.close();
    const hadFocus = actions.contains(document.activeElement);
    state = next;
    frame.hidden = state.kind !== 'posing';
    fill(told, words());
    if (state.kind !== 'posing') fill(frame);
    else if (frame.firstChild !== state.camera.video) {
      state.camera.video.classList.add('mirrored');
      state.camera.video.setAttribute('aria-label', photoTexts.viewfinder(stage.texts.capture.slots.selfie));
      fill(frame, state.camera.video);
    }
    fill(actions, ...buttons());
    if (hadFocus) actions.querySelector('button')?.focus();
  }

  function words(): Child {
    switch (state.kind) {
      case 'idle':
        return state.message === undefined ? null : el('p', {}, state.message);
      case 'opening':
        return null;
      case 'posing': {
        const { poses } = state.challenge;
        const pose = poses[state.frames.length];
        return el(
          'p',
          {},
          el('strong', {}, pose === undefined ? '' : texts.poses[pose]),
          ` ${texts.count(state.frames.length + 1, poses.length)}`,
        );
      }
      case 'sending':
        return el('p', { class: 'busy' }, texts.sending);
      case 'done':
        return el('p', { class: 'good' }, texts.done);
    }
  }

  function buttons(): Child[] {
    switch (state.kind) {
      case 'idle':
        return [button(texts.start, () => void start())];
      case 'posing': {
        const now = state;
        return [
          button(texts.take, () => void take(now), { kind: 'primary' }),
          button(texts.leave, () => enter({ kind: 'idle' }), { kind: 'quiet' }),
        ];
      }
      case 'opening':
      case 'sending':
      case 'done':
        return [];
    }
  }

  async function start(): Promise<void> {
    enter({ kind: 'opening' });
    try {
      const camera = await openCamera('user');
      try {
        const challenge = await stage.api.makeChallenge();
        if (closed) return camera.close();
        enter({ kind: 'posing', camera, challenge, frames: [] });
        actions.querySelector('button')?.focus();
      } catch (error) {
        camera.close();
        throw error;
      }
    } catch (error) {
      enter({ kind: 'idle', message: explain(error) });
    }
  }

  function explain(error: unknown): string {
    if (!(error instanceof CameraError)) return stage.explain(error);
    return { denied: texts.cameraDenied, missing: texts.cameraMissing, busy: texts.cameraBusy }[error.fault];
  }

  async function take(now: State & { readonly kind: 'posing' }): Promise<void> {
    for (const control of actions.querySelectorAll('button')) control.disabled = true;
    const { video } = now.camera;
    const scale = Math.min(1, FRAME_SIDE / Math.max(video.videoWidth, video.videoHeight));
    const at = Math.round(performance.now());
    const photo = await toJpeg(
      video,
      Math.round(video.videoWidth * scale),
      Math.round(video.videoHeight * scale),
    ).catch(() => null);
    if (closed || state !== now) return;
    if (!photo) return enter({ kind: 'idle', message: texts.cameraBusy });
    const frames = [...now.frames, { photo, at }];
    if (frames.length < now.challenge.poses.length) return enter({ ...now, frames });
    enter({ kind: 'sending' });
    try {
      await stage.api.answerChallenge(now.challenge.challenge_id, frames);
      enter({ kind: 'done' });
    } catch (error) {
      enter({ kind: 'idle', message: stage.explain(error) });
    }
  }

  enter(state);
  return {
    element,
    update(view) {
      element.hidden = !hasCamera() || view.consent?.biometrics !== true || !view.received.includes('selfie');
      // Another selfie asks for another answer.
      if (element.hidden && state.kind !== 'idle') enter({ kind: 'idle' });
    },
    close() {
      closed = true;
      enter({ kind: 'idle' });
    },
  };
}
