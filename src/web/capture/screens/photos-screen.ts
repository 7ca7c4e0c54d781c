import { button, el } from '../../lib/dom.js';
import { makeHandoverOffer } from '../handover-offer.js';
import { makePhotoSlot, type PhotoSlot } from '../photo-slot.js';
import { makePoseChallenge } from '../pose-challenge.js';
import type { Screen, Stage } from '../screen.js';
import type { CaptureView } from '../capture-api.js';

/** The ID: its front, and once that is there its back, which a passport does not need. */
export function makeDocumentScreen(stage: Stage): Screen {
  const texts = stage.texts.capture.document;
  const front = makePhotoSlot(stage, 'id_front', {
    intro: texts.intro,
    tips: texts.tips,
    optional: false,
    titled: true,
  });
  const back = makePhotoSlot(stage, 'id_back', {
    intro: texts.backIntro,
    tips: [],
    optional: true,
    titled: true,
  });
  return makePhotosScreen(stage, {
    title: texts.title,
    slots: [front, back],
    isDone: (view) => view.received.includes('id_front') && !view.to_do.includes('id_back'),
    onUpdate(view) {
      back.element.hidden =
        !view.received.includes('id_front') &&
        !view.received.includes('id_back') &&
        !view.to_do.includes('id_back');
    },
  });
}

export function makeSelfieScreen(stage: Stage): Screen {
  const texts = stage.texts.capture.selfie;
  const face = makePhotoSlot(stage, 'selfie', {
    intro: texts.intro,
    tips: texts.tips,
    optional: false,
    titled: false,
  });
  return makePhotosScreen(stage, {
    title: texts.title,
    slots: [face, makePoseChallenge(stage)],
    isDone: (view) => view.received.includes('selfie'),
    onUpdate: () => undefined,
  });
}

function makePhotosScreen(
  stage: Stage,
  more: {
    readonly title: string;
    readonly slots: readonly PhotoSlot[];
    readonly isDone: (view: CaptureView) => boolean;
    readonly onUpdate: (view: CaptureView) => void;
  },
): Screen {
  const { title, slots, isDone, onUpdate } = more;
  const handover = makeHandoverOffer(stage);
  const goOn = button(stage.texts.capture.next, () => stage.goOn(), { kind: 'primary' });
  const element = el(
    'div',
    {},
    el('h1', { tabindex: -1 }, title),
    handover.element,
    ...slots.map((slot) => slot.element),
    el('div', { class: 'onward' }, goOn),
  );
  return {
    element,
    update(view) {
      for (const slot of slots) slot.update(view);
      onUpdate(view);
      goOn.hidden = !isDone(view);
    },
    close() {
      handover.close();
      for (const slot of slots) slot.close();
    },
  };
}
