import { Problem } from '../../lib/api-client.js';
import { button, el, fill, freshId, time } from '../../lib/dom.js';
import type { CaptureView, Policy } from '../capture-api.js';
import { noticeSection } from '../notices.js';
import type { Screen, Stage } from '../screen.js';

/** The notices in full, then the questions. Nothing is chosen beforehand, and each question says what a no means. */
export function makeConsentScreen(stage: Stage, first: CaptureView): Screen {
  const element = el('div', { class: 'consent' });
  let version: string | undefined;
  const show = (view: CaptureView) => {
    // A new version is a new text to agree to: what was ticked for the old one does not count.
    if (view.notices.version === version) return;
    version = view.notices.version;
    fill(element, introduction(stage, view), consentForm(stage, view.notices));
  };
  show(first);
  return { element, update: show };
}

function introduction(stage: Stage, { notices, capture_expires_at }: CaptureView): HTMLElement {
  const texts = stage.texts.capture.consent;
  const until = new Date(capture_expires_at);
  return el(
    'div',
    {},
    el('h1', { tabindex: -1 }, texts.title),
    noticeSection(stage, notices),
    el('p', {}, time(until, texts.until(stage.formats.dateTime(until)))),
  );
}

function consentForm(stage: Stage, policy: Policy): HTMLFormElement {
  const texts = stage.texts.capture.consent;
  const country = stage.formats.country(policy.processing_country);
  const agree = question('checkbox', 'process', '', texts.process);
  const crossBorder = question('checkbox', 'cross_border', '', texts.crossBorder(country));
  const group = freshId('comparison');
  const machine = question('radio', group, 'biometric', texts.biometric, texts.biometricHint);
  const person = question('radio', group, 'manual', texts.manual, texts.manualHint);
  const agreeError = errorFor([agree.input]);
  const crossBorderError = errorFor([crossBorder.input]);
  const comparisonError = errorFor([machine.input, person.input]);
  const summary = el('div', { class: 'verdict', role: 'alert' });
  const give = el('button', { type: 'submit', class: 'button primary' }, texts.give);

  const form = el(
    'form',
    {
      class: 'card-box',
      novalidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        void submit();
      },
    },
    el('h2', {}, texts.formTitle),
    agree.element,
    agreeError.element,
    crossBorder.element,
    crossBorderError.element,
    el(
      'fieldset',
      {},
      el('legend', {}, texts.comparison),
      el('p', { class: 'hint' }, texts.comparisonHint),
      machine.element,
      person.element,
      comparisonError.element,
    ),
    summary,
    el(
      'div',
      { class: 'onward' },
      give,
      button(stage.texts.capture.stop.open, () => stage.askToStop(), { kind: 'quiet' }),
    ),
  );

  function isComplete(): boolean {
    agreeError.show(agree.input.checked ? null : texts.missing.process);
    crossBorderError.show(crossBorder.input.checked ? null : texts.missing.crossBorder(country));
    comparisonError.show(machine.input.checked || person.input.checked ? null : texts.missing.comparison);
    const open = form.querySelector<HTMLInputElement>('input[aria-invalid="true"]');
    fill(summary, open && el('p', { class: 'bad' }, texts.missingTitle));
    open?.focus();
    return open === null;
  }

  async function submit(): Promise<void> {
    if (!isComplete()) return;
    give.disabled = true;
    try {
      const view = await stage.api.consent({
        policy_version: policy.version,
        biometrics: machine.input.checked,
        cross_border: crossBorder.input.checked,
      });
      stage.show(view);
      stage.goOn();
    } catch (error) {
      const words = stage.explain(error);
      if (error instanceof Problem && error.code === 'policy_version_superseded') await stage.refresh();
      fill(summary, el('p', { class: 'bad' }, words));
      give.disabled = false;
    }
  }
  return form;
}

function question(type: 'checkbox' | 'radio', name: string, value: string, text: string, hint?: string) {
  const id = freshId('hint');
  const input = el('input', { type, name, value, ...(hint === undefined ? {} : { 'aria-describedby': id }) });
  const element = el(
    'div',
    { class: 'choice' },
    el('label', {}, input, el('span', {}, text)),
    hint !== undefined && el('p', { class: 'hint', id }, hint),
  );
  return { element, input };
}

/** What is missing, beside the question and told together with it. */
function errorFor(inputs: readonly HTMLInputElement[]) {
  const id = freshId('error');
  const element = el('p', { class: 'bad', id, hidden: true });
  return {
    element,
    show(message: string | null) {
      element.textContent = message ?? '';
      element.hidden = message === null;
      for (const input of inputs) {
        input.setAttribute('aria-invalid', String(message !== null));
        const others = (input.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .filter((part) => part !== '' && part !== id);
        input.setAttribute('aria-describedby', (message === null ? others : [...others, id]).join(' '));
      }
    },
  };
}
