import type { CheckName } from '../../domain/decision.js';
import type { ReasonCode, Slot } from '../../domain/reasons.js';

/**
 * Why a photo or a document was not accepted, to the person it belongs to. The API sends these sentences as well; they stand here for the
 * answers that bear a code alone.
 */
const reasons: Readonly<Record<ReasonCode, string>> = {
  document_missing: 'The photo of your ID is missing.',
  document_unreadable:
    'The text on your ID could not be read. Lay it flat, in even light, and let it fill the frame.',
  document_blurry: 'The photo of your ID is blurred. Hold the camera still and give it a moment to focus.',
  document_glare: 'Light reflects on your ID. Tilt it a little, away from the lamp or the window.',
  document_cut_off: 'Part of your ID lies outside the photo. Keep all four edges in view.',
  document_too_small: 'Your ID is too small in the photo. Move the camera closer.',
  document_type_not_accepted:
    'This kind of document is not accepted. Use a passport or a government identity card.',
  document_expired: 'This document has expired. Use one that is still valid.',
  document_no_portrait:
    'There is no portrait in this photo. Photograph the side of your ID that shows your face.',
  payment_card_detected: 'This looks like a payment card. We never take one, and it was not kept.',
  name_mismatch: 'The name on your ID differs from the name given for the certificate.',
  date_of_birth_mismatch: 'The date of birth on your ID differs from the one given.',
  under_minimum_age: 'You are younger than the minimum age for this certificate.',
  selfie_missing: 'The photo of your face is missing.',
  selfie_no_face: 'No face was found. Look into the camera, with light on your face.',
  selfie_multiple_faces: 'There is more than one face in the photo. Make sure that you are alone in it.',
  selfie_low_quality: 'The photo of your face is not clear enough. Hold still, in even light.',
  face_mismatch: 'The face in your photo could not be matched with the portrait on your ID.',
  capture_window_lapsed: 'The time to send your photos has run out.',
  consent_missing: 'Your consent is needed before any photo is taken.',
  consent_withdrawn: 'You withdrew your consent.',
  could_not_verify: 'Your identity could not be verified from these photos.',
  system_error: 'Something failed on our side. A person will look at it.',
  document_inconsistent: 'The parts of the document contradict each other.',
  presentation_attack_suspected: 'There are signs of a presentation attack.',
  capture_injection_suspected: 'There are signs that the photo did not come from a camera.',
};

/** What went wrong with a call, in words that say what to do. `unknown` for a code that is not listed. */
const problems = {
  unknown: 'That did not work. Try again; if it keeps failing, come back later.',
  unreachable: 'The service gave an answer that this page does not understand. Try again in a moment.',
  internal: 'Something failed on our side. Try again in a moment.',
  payload_too_large: 'This file is larger than 10 MB. Choose a smaller one.',
  unsupported_media_type: 'This kind of file is not accepted. Use a JPEG, PNG or WebP photo.',
  image_too_many_pixels: 'This photo has more than 40 megapixels. Use a smaller one.',
  image_undecodable: 'This file is damaged and cannot be opened. Use another one.',
  upload_limit_reached:
    'You have sent as many photos as one attempt allows. Send in what you have, or stop here.',
  upload_superseded: 'Another photo arrived at the same time. Here is where things stand now.',
  invalid_state: 'Things have moved on since this page was loaded. Here is where they stand now.',
  consent_missing: 'Your consent comes first.',
  document_missing: 'The photo of your ID is missing.',
  selfie_missing: 'The photo of your face is missing.',
  policy_version_superseded: 'The privacy notice has just changed. Please read the new one.',
  already_claimed: 'Another reviewer holds this review.',
  lease_required: 'You do not hold this review, or your hold has run out. Claim it first.',
  no_attempts_left: 'The learner has no attempt left: approve or decline.',
  stale_version:
    'This case changed while you looked at it. It has been loaded again: look once more, then decide.',
  erased: 'This has been erased.',
  not_found: 'There is no such case, or it is not yours to see.',
  forbidden: 'Your roles do not allow that.',
  unauthenticated: 'This token is not valid, or no longer. Sign in again.',
  invalid_field: 'Something in the form is not valid. Check it and try again.',
} as const satisfies Readonly<Record<string, string>>;

const slots: Readonly<Record<Slot, string>> = {
  id_front: 'Front of your ID',
  id_back: 'Back of your ID',
  selfie: 'Your face',
};

/** All that the pages say, in English. A locale is one more module of this shape, listed in index.ts. */
export const en = {
  lang: 'en',
  reasons,
  problems,

  waiting: {
    offline: 'You are offline. Nothing is lost: this goes on as soon as you are back.',
    unreachable: 'The service cannot be reached right now. Nothing is lost: this page keeps trying.',
    busy: 'The service is busy. Nothing is lost: this page tries again in a moment.',
    retryNow: 'Try now',
  },

  capture: {
    title: 'Verify your identity',
    slots,
    steps: { consent: 'Consent', document: 'ID', selfie: 'Face', send: 'Send' },
    stepsLabel: 'Steps',
    stepOf: (step: number, count: number, name: string) => `Step ${step} of ${count}: ${name}`,
    back: 'Back',
    loading: 'One moment …',

    noLink: {
      title: 'Open your link again',
      text: 'This page works only with the link that you were given when you bought the certificate. Go back there and open it again.',
    },
    deadLink: {
      title: 'This link no longer works',
      text: 'It was replaced by a newer one, or what it belonged to is over. Go back to where you bought the certificate and open the link that is there now.',
    },
    failed: { title: 'This page could not be loaded', again: 'Load again' },
    unknownStatus: {
      title: 'There is nothing to do here right now',
      text: 'Where you bought the certificate you will find how things stand.',
    },

    consent: {
      title: 'Before you begin',
      purposes: 'What it is for',
      collects: 'What is collected',
      neverCollects: 'What is never collected',
      retention: 'How long it is kept',
      retentionMore: 'How long each thing is kept',
      retentionKind: 'What',
      retentionUntil: 'Until when',
      where: 'Where it is processed',
      whereText: (country: string) => `Country: ${country}`,
      contact: 'Questions about your data',
      version: (version: string, date: string) => `Version ${version}, in force since ${date}.`,
      until: (date: string) => `You have until ${date} to send your photos.`,
      formTitle: 'Your consent',
      process:
        'I have read the above and agree that a photo of my ID and a photo of my face are used for it.',
      crossBorder: (country: string) => `I agree that this happens in this country: ${country}.`,
      comparison: 'Who compares your face with the portrait on your ID?',
      biometric: 'A computer',
      biometricHint: 'It measures how alike the two faces are. The measurements are not stored.',
      manual: 'A person',
      manualHint:
        'No face recognition is used anywhere. It may take longer; apart from that it makes no difference.',
      comparisonHint: 'Either choice is fine. A computer does it only if you agree.',
      give: 'I agree – continue',
      missing: {
        process:
          'Without this nothing can be verified. If you do not agree, you can stop: nothing has been collected.',
        comparison: 'Choose one of the two.',
        crossBorder: (country: string) =>
          `It can be done in one country only: ${country}. If you do not agree, you can stop: nothing has been collected.`,
      },
      missingTitle: 'Something is still open',
    },

    resubmission: {
      title: 'We need something again',
      left: (attempts: number) =>
        attempts === 0
          ? 'This is your last attempt.'
          : `You have ${attempts === 1 ? 'one more attempt' : `${attempts} more attempts`} after this one.`,
    },

    document: {
      title: 'Photograph your ID',
      intro: 'Use a passport or a government identity card that is still valid.',
      backIntro:
        'Identity cards have their machine-readable lines on the back. For a passport this is not needed.',
      optional: 'optional',
      tips: [
        'Lay it flat on a dark, plain surface.',
        'Let it fill the frame, with all four edges in view.',
        'Avoid reflections and shadows. Every letter must be sharp.',
      ],
    },
    selfie: {
      title: 'Photograph your face',
      intro: 'It is compared with the portrait on your ID.',
      tips: [
        'Look straight into the camera, with light on your face.',
        'Take off sunglasses, a hat or a mask.',
        'Make sure that you are alone in the photo.',
      ],
    },
    photo: {
      camera: 'Use the camera',
      file: 'Choose a file',
      fileHint: 'JPEG, PNG or WebP',
      shoot: 'Take the photo',
      closeCamera: 'Close the camera',
      otherCamera: 'Other camera',
      use: 'Use this photo',
      another: 'Take it again',
      replace: 'Replace',
      remove: 'Remove',
      checking: 'Sending and checking your photo …',
      accepted: 'Good. This photo was accepted.',
      rejected: 'This photo cannot be used.',
      earlierKept: 'The one that you sent before is still there.',
      removed: 'Removed and erased.',
      received: 'You have sent this photo. It is not shown again here.',
      candidate: 'Is everything sharp and in view?',
      none: 'No photo yet.',
      preview: (slot: string) => `Preview: ${slot}`,
      viewfinder: (slot: string) => `Camera: ${slot}`,
      cameraDenied:
        'This page may not use the camera. Allow it in your browser’s settings, or choose a file.',
      cameraMissing: 'No camera was found. Choose a file.',
      cameraBusy:
        'The camera could not be opened; maybe another program uses it. Choose a file, or try again.',
      unreadableFile: 'This file cannot be opened as a photo. Use a JPEG, PNG or WebP photo.',
    },
    next: 'Continue',
    toSend: 'Back to the overview',

    send: {
      title: 'Check and send',
      intro: 'These photos will be sent in for the check.',
      change: 'Change',
      add: 'Add',
      submit: 'Send in for the check',
      missing: 'Not taken yet',
      sent: 'Ready',
      notNeeded: 'Not needed for a passport',
      changeOf: (slot: string) => `Change: ${slot}`,
      addOf: (slot: string) => `Add: ${slot}`,
    },

    progress: {
      title: 'Your photos are being checked',
      text: 'This usually takes less than a minute. You may close this page; the result does not depend on it.',
      steps: {
        read_document: 'Reading your ID',
        match_face: 'Comparing the faces',
        decide: 'Deciding',
      },
      states: { waiting: 'to come', running: 'now', done: 'done' },
      stepsLabel: 'Progress',
    },

    review: {
      title: 'A person will look at it',
      text: 'The computer was not sure, or you asked for a person. There is nothing more for you to do. You may close this page: where you bought the certificate you will find the result.',
    },

    outcomes: {
      approved: {
        title: 'You are verified',
        text: 'Your identity has been confirmed. You can go on with your certificate.',
      },
      declined: {
        title: 'Your identity could not be verified',
        text: 'Where you bought the certificate you will find what you can do now, for example have it looked at again.',
      },
      canceled: {
        title: 'Stopped',
        text: 'This verification has ended. You can begin again where you bought the certificate.',
      },
      expired: {
        title: 'The time has run out',
        text: 'This verification has ended because the photos did not come in time. You can begin again where you bought the certificate.',
      },
      revoked: {
        title: 'This verification is no longer valid',
        text: 'It was withdrawn. Where you bought the certificate you will find out more.',
      },
    },
    reasonsTitle: 'Why',

    erasure: {
      title: 'What happens to your data',
      scheduled: (date: string) => `Your photos and what was read from your ID will be erased by ${date}.`,
      scheduledSoon: 'Your photos and what was read from your ID will be erased within 15 minutes.',
      processing: 'Your photos and what was read from your ID are being erased right now.',
      done: (date: string) => `Your photos and what was read from your ID were erased on ${date}.`,
      doneUndated: 'Your photos and what was read from your ID have been erased.',
      held: 'The law requires that your data is kept for now. It is erased as soon as that ends.',
      failed: 'Erasing your data is taking longer than it should. It is repeated until it is done.',
      none: 'Nothing has been erased yet.',
      remains: 'What stays, and for how long',
    },
    returnLink: 'Go back to your course',

    stop: {
      open: 'Stop and erase my data',
      title: 'Stop and erase?',
      text: 'The verification ends, and everything that you have sent is erased within 15 minutes. You can begin again where you bought the certificate.',
      confirm: 'Stop and erase',
      keep: 'Go on with the verification',
    },
    footer:
      'What you send goes to this service only, encrypted. This page sets no cookies and tells nobody else that you were here.',
  },

  review: {
    title: 'Reviews',
    product: 'Identity reviews',
    reasons: {
      document_missing: 'ID missing',
      document_unreadable: 'ID not readable',
      document_blurry: 'ID blurred',
      document_glare: 'Glare on the ID',
      document_cut_off: 'ID cut off',
      document_too_small: 'ID too small',
      document_type_not_accepted: 'Document type not accepted',
      document_expired: 'Document expired',
      document_no_portrait: 'No portrait on the document',
      payment_card_detected: 'Payment card',
      name_mismatch: 'Name differs',
      date_of_birth_mismatch: 'Date of birth differs',
      under_minimum_age: 'Under the minimum age',
      selfie_missing: 'Selfie missing',
      selfie_no_face: 'No face in the selfie',
      selfie_multiple_faces: 'Several faces in the selfie',
      selfie_low_quality: 'Selfie not clear',
      face_mismatch: 'Faces differ',
      capture_window_lapsed: 'Capture window lapsed',
      consent_missing: 'Consent missing',
      consent_withdrawn: 'Consent withdrawn',
      could_not_verify: 'Could not be verified',
      system_error: 'System fault',
      document_inconsistent: 'Document contradicts itself',
      presentation_attack_suspected: 'Presentation attack suspected',
      capture_injection_suspected: 'Injected capture suspected',
    } satisfies Readonly<Record<ReasonCode, string>>,
    signIn: {
      title: 'Sign in',
      text: 'Paste the token of your identity provider. It stays in this page’s memory: loading the page again forgets it.',
      label: 'Token (JWT)',
      submit: 'Sign in',
      notAToken: 'That is not a JWT: it has three parts, separated by dots.',
      signedInAs: (name: string) => `Signed in as ${name}`,
      signOut: 'Sign out',
    },
    list: {
      title: 'Reviews',
      filterLabel: 'Which reviews',
      statuses: { open: 'Open', claimed: 'Claimed', decided: 'Decided' },
      refresh: 'Refresh',
      more: 'Load more',
      empty: 'There are none.',
      asOf: (clock: string) => `As of ${clock}`,
      count: (count: number, more: boolean) =>
        `${count}${more ? ' or more' : ''} ${count === 1 && !more ? 'review' : 'reviews'}`,
      columns: {
        opened: 'Waiting',
        reasons: 'Reasons',
        method: 'Comparison',
        attempt: 'Attempt',
        holder: 'Held by',
        outcome: 'Decision',
        open: 'Case',
      },
      openedAt: 'Opened',
      nobody: 'nobody',
      you: 'you',
      noReason: 'none given',
      noDecision: 'ended without one',
      open: 'Open',
      openCase: (id: string) => `Open case ${id}`,
      oldest: 'Oldest first',
    },
    methods: { biometric: 'computer', manual: 'person only' } as Readonly<Record<string, string>>,
    decisions: {
      approve: 'Approve',
      decline: 'Decline',
      request_resubmission: 'Ask for new photos',
    } as Readonly<Record<string, string>>,
    decided: {
      approve: 'Approved',
      decline: 'Declined',
      request_resubmission: 'New photos asked for',
    } as Readonly<Record<string, string>>,
    case: {
      title: (id: string) => `Case …${id}`,
      back: 'All reviews',
      loading: 'Loading the case …',
      facts: {
        status: 'Status',
        waiting: 'Waiting for',
        method: 'Comparison',
        attempt: 'Attempt',
        tenant: 'Tenant',
        document: 'Document',
        mode: 'Mode',
      },
      attempt: (attempt: number, left: number) => `${attempt} (${left} left)`,
      test: 'test',
      live: 'live',
      noDocument: 'not recognised',
      claim: 'Claim this review',
      claimFirst: 'Claim the review to see the photos and to decide.',
      heldBy: (name: string) => `Held by ${name}.`,
      lease: 'You hold this review for',
      leaseHint: 'Looking at a photo renews it.',
      leaseSoon: 'Less than two minutes left on your hold of this review.',
      leaseOver: 'Your hold on this review has run out. Claim it again to go on.',
      extend: 'Hold it longer',
      release: 'Give it back',
      released: 'Given back.',
      reasons: 'Why it is here',
      noReasons: 'The machine gave no reason.',
      manualReason: 'The learner refused biometrics: compare the faces yourself.',
      photos: 'Photos',
      noPhotos: 'There is no photo.',
      compare: 'Expected and found',
      compareCaption: 'Expected beside what was read from the document',
      columns: { field: 'Field', expected: 'Expected', found: 'On the document', verdict: 'Comparison' },
      fields: {
        name: 'Name',
        date_of_birth: 'Date of birth',
        document_number: 'Document number',
        expires_on: 'Expires on',
        issuer: 'Issued by',
        nationality: 'Nationality',
        sex: 'Sex',
      } as Readonly<Record<string, string>>,
      verdicts: {
        same: 'agrees',
        differs: 'differs',
        unsure: 'look closely',
        notAsked: 'not asked for',
        notRead: 'not read',
      },
      notGiven: '–',
      nothingHeld: 'What was expected and found has been erased, or was never there.',
      explanation: 'About the name',
      checks: 'Checks',
      checkNames: {
        document_legible: 'Document legible',
        document_type: 'Document type accepted',
        document_not_expired: 'Document not expired',
        document_consistent: 'Document consistent',
        name_match: 'Name agrees',
        date_of_birth_match: 'Date of birth agrees',
        minimum_age: 'Minimum age reached',
        face_match: 'Faces agree',
      } satisfies Readonly<Record<CheckName, string>>,
      checkOutcomes: { pass: 'passed', fail: 'failed', uncertain: 'uncertain', not_run: 'not run' },
      score: (score: string) => `score ${score}`,
      noChecks: 'No check was run.',
      decision: 'Decision',
      decisionLegend: 'Your decision',
      noAttemptsLeft: 'not possible: no attempt is left',
      reasonLegend: 'Reasons',
      reasonHint:
        'At least one. The learner is told in plain words; those marked “internal” are told only as “could not be verified”.',
      internal: 'internal',
      found: 'found by the machine',
      otherReasons: 'Further reasons',
      note: 'Note',
      noteHint: 'For colleagues only, and erased with the rest. Do not copy what the document says.',
      submit: 'Decide',
      chooseDecision: 'Choose a decision.',
      chooseReason: 'Choose at least one reason.',
      missingTitle: 'Something is still open',
      done: (decision: string) => `Decided: ${decision}.`,
      decidedText: (decision: string, date: string) => `${decision}, ${date}.`,
      over: 'This review is over: it was decided or ended meanwhile.',
    },
    viewer: {
      slots: { id_front: 'ID, front', id_back: 'ID, back', selfie: 'Selfie' } satisfies Readonly<
        Record<Slot, string>
      >,
      image: (slot: string) => `Photo: ${slot}`,
      zoomIn: 'Larger',
      zoomOut: 'Smaller',
      reset: 'Fit',
      rotate: 'Turn',
      loading: 'Opening the photo …',
      failed: 'The photo could not be opened.',
      again: 'Try again',
      hint: 'In a photo: + and − change its size, 0 fits it, R turns it, arrow keys move it.',
    },
  },
};

export type Texts = typeof en;
