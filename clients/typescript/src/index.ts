export { createLetheClient, type LetheClient, type LetheClientOptions } from './create-client.js';
export { checkEligibilityToken, type EligibilityCheck, type EligibilityClaims } from './eligibility-token.js';
export { LetheError, type FieldProblem } from './lethe-error.js';
export { multipart } from './multipart.js';
export { paginate, type Page } from './paginate.js';
export { verifyWebhook, type WebhookEvent } from './verify-webhook.js';
export type { components, operations, paths } from './api-types.js';
