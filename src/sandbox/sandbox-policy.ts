import type { PolicyDocument } from '../domain/policy.js';

/** The policy that a new sandbox starts with. An operator publishes their own: `lethe policy publish`. */
export const SANDBOX_POLICY: {
  readonly version: string;
  readonly effectiveAt: Date;
  readonly document: PolicyDocument;
} = {
  version: '2026-01-01',
  effectiveAt: new Date('2026-01-01T00:00:00Z'),
  document: {
    title: 'How we verify your identity, and how we forget it',
    summary:
      'To issue an ID Verified Certificate we compare a photo of your government ID with a photo of your face. ' +
      'We collect only what that takes, and erase it once the outcome is known.',
    purposes: [
      { code: 'authenticate', text: 'To authenticate you as the person who buys the certificate.' },
      {
        code: 'certificate',
        text: 'To tell the course provider whether you are verified, and nothing more.',
      },
      { code: 'refund', text: 'To recommend a refund where you could not be verified.' },
      { code: 'honor_code', text: 'To revoke a verification that breaks the honor code.' },
    ],
    collects: [
      'a photo of your government ID',
      'a photo of your face',
      'the name, and the date of birth if it is needed, that the certificate is to bear',
    ],
    never_collects: ['payment data', 'e-mail or postal addresses', 'gender', 'a template of your face'],
    processing_country: 'US',
    contact: 'privacy@example.org',
  },
};
