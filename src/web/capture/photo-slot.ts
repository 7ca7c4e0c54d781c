import { announce } from '../lib/announce.js';
import { Problem } from '../lib/api-client.js';
import { button, el, fill, freshId, list, type Child } from '../lib/dom.js';
import { wordsFor } from '../texts/index.js';
import { CameraError, hasCamera, openCamera, type Camera, type Facing } from './camera.js';
import type { CaptureView, PhotoSource, Slot } from './capture-api.js';
import { preparePhoto } from './prepare-photo.js';
import type { Stage } from './screen.js';

type State =
  | { readonly kind: 'empty' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'camera'; readonly camera: Camera }
  | {
      readonly kind: 'candidate';
      readonly photo: Blob;
      readonly source: PhotoSource;
      readonly address: string;
    }
  | { readonly kind: 'sending'; readonly address: string }
  | {
      readonly kind: 'rejected';
      readonly address: string;
      readonly messages: readonly string[];
      readonly earlierKept: boolean;
    }
  | { readonly kind: 'held'; readonly fresh: boolean };

const FACING: Readonly<Record<Slot, Facing>> = {
  id_front: 'environment',
  id_back: 'environment',
  selfie: 'user',
};

/** A part of a screen that takes pictures. */
export interface PhotoSlot {
  readonly element: HTMLElement;
  update(view: CaptureView): void;
  close(): void;
}

/** One photo: taken or chosen, looked at, sent, judged, and taken again or back. */
export function makePhotoSlot(
  stage: Stage,
  slot: Slot,
  more: {
    readonly intro: string;
    readonly tips: readonly string[];
    readonly optional: boolean;
    readonly titled: boolean;
  },
): PhotoSlot {
  const { api, previews } = stage;
  const texts = stage.texts.capture.photo;
  const name = stage.texts.capture.slots[slot];
  const frame = el('div', { class: `frame ${slot === 'selfie' ? 'portrait' : 'card'}` });
  const verdict = el('div', { class: 'verdict', role: 'status' });
  const actions = el('div', { class: 'actions' });
  const headingId = freshId('slot');
  const heading = more.titled
    ? el(
        'h2',
        { id: headingId },
        name,
        more.optional && el('span', { class: 'tag' }, stage.texts.capture.document.optional),
      )
    : null;
  const element = el(
    'section',
    { class: 'slot', ...(heading ? { 'aria-labelledby': headingId } : { 'aria-label': name }) },
    heading,
    el('p', {}, more.intro),
    more.tips.length > 0 && list([...more.tips], { class: 'tips' }),
    frame,
    verdict,
    actions,
  );

  let state: State = { kind: 'empty' };
  let received = false;
  let facing = FACING[slot];
  /** A camera that opens after the screen was left must go off again. */
  let closed = false;

  function enter(next: State, message?: string): void {
    if (state.kind === 'camera') state.camera.close();
    // The address of a photo that was not accepted is no longer needed once another state shows no picture of it.
    const kept = 'address' in next ? next.address : undefined;
    if ('address' in state && state.address !== kept) URL.revokeObjectURL(state.address);
    state = next;
    const hadFocus = actions.contains(document.activeElement);
    fill(frame, picture());
    fill(verdict, ...words(message));
    fill(actions, ...buttons());
    if (hadFocus) actions.querySelector<HTMLElement>('button, input')?.focus();
  }

  function picture(): Child {
    switch (state.kind) {
      case 'camera':
        state.camera.video.setAttribute('aria-label', texts.viewfinder(name));
        state.camera.video.classList.toggle('mirrored', facing === 'user');
        return state.camera.video;
      case 'candidate':
      case 'sending':
      case 'rejected':
        return image(state.address);
      case 'held': {
        const address = previews.get(slot);
        return address === undefined ? el('p', { class: 'no-picture' }, texts.received) : image(address);
      }
      case 'empty':
      case 'opening':
        return el('p', { class: 'no-picture' }, texts.none);
    }
  }

  const image = (src: string) => el('img', { src, alt: texts.preview(name) });

  function words(message: string | undefined): Child[] {
    switch (state.kind) {
      case 'candidate':
        return [el('p', {}, texts.candidate)];
      case 'sending':
        return [el('p', { class: 'busy' }, texts.checking)];
      case 'rejected':
        return [
          el('p', { class: 'bad' }, texts.rejected),
          list([...state.messages]),
          state.earlierKept && el('p', {}, texts.earlierKept),
        ];
      case 'held':
        return state.fresh ? [el('p', { class: 'good' }, texts.accepted)] : [];
      case 'empty':
      case 'opening':
      case 'camera':
        return message === undefined ? [] : [el('p', {}, message)];
    }
  }

  function buttons(): Child[] {
    switch (state.kind) {
      case 'camera': {
        const { camera } = state;
        return [
          button(texts.shoot, () => void shoot(camera), { kind: 'primary' }),
          camera.hasOthers && button(texts.otherCamera, () => void changeCamera()),
          button(texts.closeCamera, leave),
        ];
      }
      case 'candidate': {
        const { photo, source, address } = state;
        return [
          button(texts.use, () => void send(photo, source, address), { kind: 'primary' }),
          button(texts.another, () => (source === 'camera' ? void start() : leave())),
        ];
      }
      case 'held':
        return [
          button(texts.replace, () => enter({ kind: 'empty' })),
          button(texts.remove, () => void remove(), { kind: 'quiet' }),
        ];
      case 'opening':
      case 'sending':
        return [];
      case 'empty':
      case 'rejected':
        return [
          hasCamera() && button(texts.camera, () => void start(), { kind: 'primary' }),
          fileChooser(),
          received && button(stage.texts.capture.back, leave, { kind: 'quiet' }),
        ];
    }
  }

  function fileChooser(): HTMLElement {
    const hint = freshId('hint');
    const input = el('input', {
      type: 'file',
      // Without HEIC in it, iPhones turn theirs into JPEG before handing it over.
      accept: 'image/jpeg,image/png,image/webp',
      class: 'visually-hidden',
      'aria-describedby': hint,
      onChange: () => {
        const file = input.files?.[0];
        if (file) void choose(file);
      },
    });
    return el(
      'div',
      { class: 'file' },
      el('label', { class: hasCamera() ? 'button secondary' : 'button primary' }, texts.file, input),
      el('span', { class: 'hint', id: hint }, texts.fileHint),
    );
  }

  /** Back to what there was. */
  function leave(): void {
    enter(received ? { kind: 'held', fresh: false } : { kind: 'empty' });
  }

  async function start(): Promise<void> {
    enter({ kind: 'opening' });
    try {
      const camera = await openCamera(facing);
      if (closed) return camera.close();
      enter({ kind: 'camera', camera });
      actions.querySelector('button')?.focus();
    } catch (error) {
      const fault = error instanceof CameraError ? error.fault : 'busy';
      enter(
        { kind: 'empty' },
        { denied: texts.cameraDenied, missing: texts.cameraMissing, busy: texts.cameraBusy }[fault],
      );
    }
  }

  async function changeCamera(): Promise<void> {
    facing = facing === 'user' ? 'environment' : 'user';
    await start();
  }

  async function shoot(camera: Camera): Promise<void> {
    try {
      offer(await camera.shoot(), 'camera');
    } catch {
      enter({ kind: 'empty' }, texts.cameraBusy);
    }
  }

  async function choose(file: Blob): Promise<void> {
    try {
      offer(await preparePhoto(file), 'upload');
    } catch {
      enter({ kind: 'empty' }, texts.unreadableFile);
    }
  }

  function offer(photo: Blob, source: PhotoSource): void {
    if (closed) return;
    enter({ kind: 'candidate', photo, source, address: URL.createObjectURL(photo) });
    actions.querySelector('button')?.focus();
  }

  async function send(photo: Blob, source: PhotoSource, address: string): Promise<void> {
    enter({ kind: 'sending', address });
    try {
      const { images } = await api.upload(slot, photo, source);
      const mine = images[slot];
      if (mine?.outcome === 'rejected')
        return reject(
          address,
          mine.reasons.map(({ code, message }) => wordsFor(code, stage.texts.reasons, message)),
        );
      previews.set(slot, photo);
      received = true;
      enter({ kind: 'held', fresh: true });
      await stage.refresh();
    } catch (error) {
      const codes =
        error instanceof Problem && error.code === 'images_rejected' ? (error.body.errors ?? []) : [];
      if (codes.length > 0)
        reject(
          address,
          codes.map(({ code }) => wordsFor(code, stage.texts.reasons, stage.texts.reasons.could_not_verify)),
        );
      else reject(address, [stage.explain(error)]);
    }
  }

  function reject(address: string, messages: readonly string[]): void {
    enter({ kind: 'rejected', address, messages, earlierKept: received });
  }

  async function remove(): Promise<void> {
    for (const control of actions.querySelectorAll('button')) control.disabled = true;
    try {
      const view = await api.remove(slot);
      gone();
      stage.show(view);
    } catch (error) {
      // Its answer may have been lost on the way the first time.
      if (error instanceof Problem && error.code === 'not_found') {
        gone();
        await stage.refresh();
      } else {
        enter(state);
        announce(stage.explain(error));
      }
    }
  }

  function gone(): void {
    previews.forget(slot);
    received = false;
    enter({ kind: 'empty' }, texts.removed);
    actions.querySelector<HTMLElement>('button, input')?.focus();
  }

  return {
    element,
    update(view) {
      const now = view.received.includes(slot);
      const changed = now !== received;
      received = now;
      // What the person is in the midst of is left alone.
      if (state.kind === 'empty' && now && changed) enter({ kind: 'held', fresh: false });
      else if (state.kind === 'held' && !now) enter({ kind: 'empty' });
      else if (actions.childElementCount === 0 && state.kind === 'empty') enter(state);
    },
    close() {
      closed = true;
      enter({ kind: 'empty' });
    },
  };
}
