import { DISCLOSURES, PURPOSES, type DisclosureField } from './disclosure.js';
import type { PolicyVersion } from './policy.js';
import { RETENTION, type DataKind } from './retention.js';

/** What only the operator knows; a template stands in its place where it is not given. */
export interface ProcessingFacts {
  readonly policy: PolicyVersion | null;
  readonly recipients: readonly {
    readonly name: string;
    readonly kind: string;
    readonly purposes: readonly string[];
    readonly agreementRef: string;
  }[];
  /** Tables that hold a kind of data. */
  readonly places: Readonly<Record<DataKind, readonly string[]>>;
}

const row = (...cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const fieldsFor = (purpose: keyof typeof DISCLOSURES): readonly string[] =>
  (Object.keys(DISCLOSURES[purpose]) as DisclosureField[]).filter((field) => DISCLOSURES[purpose][field]);

const kinds = Object.entries(RETENTION) as readonly [DataKind, (typeof RETENTION)[DataKind]][];

const purposesOf = ({ policy }: ProcessingFacts) =>
  policy
    ? policy.document.purposes.map(({ code, text }) => `- **${code}**: ${text}`).join('\n')
    : '- _those of the policy in force_';

/** A record of processing activities (GDPR art. 30), from the tables that the code goes by. Markdown. */
export function processingRecord(facts: ProcessingFacts): string {
  const { policy, recipients, places } = facts;
  return `# Record of processing: identity verification

Made by \`lethe records processing\` from the tables that the code goes by; not written by hand.

- **Controller and contact**: ${policy?.document.contact ?? '_name, address, representative, data protection officer_'}
- **Policy in force**: ${policy ? `${policy.version}, since ${policy.effectiveAt.toISOString().slice(0, 10)}` : '_version_'}
- **Data subjects**: learners who want to buy an ID Verified Certificate; members of staff, by the id that their identity provider gives them.
- **Place of processing**: ${policy?.document.processing_country ?? '_country; of a transfer its safeguards_'}. Learners consent to it by name.

## Purposes

${purposesOf(facts)}

## Kinds of data, and when they end

${table(
  ['kind', 'what', 'until', 'where'],
  kinds.map(([kind, { keeps, until }]) => [
    kind,
    keeps,
    until,
    places[kind].join(', ') || 'not in the database',
  ]),
)}

Never collected: ${policy?.document.never_collects.join(', ') ?? 'payment data, e-mail or postal addresses, gender, a template of a face'}.

## Who may be given what

A third party is given a field only where its stated purpose has it here, while its agreement and its attested safeguards last; every
disclosure is in the register.

${table(
  ['purpose', 'fields'],
  PURPOSES.map((purpose) => [purpose, fieldsFor(purpose).join(', ') || 'none: aggregate figures only']),
)}

${
  recipients.length === 0
    ? '_No recipient is registered._'
    : table(
        ['recipient', 'kind', 'purposes', 'agreement'],
        recipients.map(({ name, kind, purposes, agreementRef }) => [
          name,
          kind,
          purposes.join(', '),
          agreementRef,
        ]),
      )
}

## Safeguards

- Images and fields are encrypted under a key of their person and epoch, that key under one of its day; both are destroyed as said above, and a
  signed receipt says so (docs/privacy.md).
- Images exist in clear in memory only. Staff see them under a lease, watermarked, on record.
- Whoever calls is told apart by key, capture token or token of the operator's identity provider, and by tenant.
- A hash chain a case and signed checkpoints over all of them show a change of the audit.
`;
}

/** The outline of a data protection impact assessment (GDPR art. 35), to be completed by the operator. Markdown. */
export function impactAssessment(facts: ProcessingFacts): string {
  const longest = kinds.filter(([kind]) => facts.places[kind].length > 0);
  return `# Data protection impact assessment: outline

Made by \`lethe records dpia\`. What stands in italics is for the operator to say.

## 1. What is done, and why

Learners photograph a government ID and their face; the name is compared with what the platform expects and, with consent to biometrics, the
two faces with each other (GDPR art. 9(1): special categories). A person decides in doubt, and everywhere where biometrics are refused.

${purposesOf(facts)}

## 2. Is it necessary and proportionate?

- Kinds of data: ${longest.length}, each with an end that the code holds (record of processing).
- Legal ground: explicit consent, versioned, apart for biometrics, withdrawn at any moment (art. 6(1)(a), 9(2)(a)). _Other ways to a certificate
  for those who refuse._
- No gallery, no search of one against many, no fingerprint of documents (docs/adr/0011-no-gallery.md).
- Accuracy: error rates and what they do not prove (docs/recognition.md). _Rates on the operator's own learners, by group._
- Rights: access and portability (art. 15, 20), erasure (17), human review and appeal (22(3)), each an API.

## 3. Risks to the person, and what is done

${table(
  ['risk', 'what is done', 'what is left'],
  [
    [
      'A document is stolen from storage, a database or a backup',
      'Encryption by person and epoch; keys by day, destroyed after 30 days; nothing in clear on disk, in queues or in logs',
      'Whoever holds the running service and its keys sees what is open on that day',
    ],
    [
      'Staff look at what they need not see',
      'Leases, watermarks, an entry for each look, roles by tenant',
      '_Who reviews the audit, and how often_',
    ],
    [
      'Somebody is refused wrongly, or some groups more often',
      'No automatic decline unless the operator takes that on; doubt goes to a person; appeal to another person',
      '_Measured on the operator’s own learners_',
    ],
    [
      'Somebody passes as another',
      'Two engines, thresholds from evidence, signs of attack as evidence for a person',
      'Figures in docs/recognition.md; no conformance to ISO/IEC 30107-3 is claimed',
    ],
    [
      'Data is kept for longer than said',
      'Ends are a schedule that a sweep reads; what is late is reported and counted',
      'A legal hold, in its register, with its end',
    ],
    [
      'A third party gets more than it needs',
      'Purpose by field, denied by default; agreements and safeguards with an end; a register',
      '_Audits of recipients_',
    ],
    [
      'An authority asks for more than it may',
      'Two persons to a hold, named authority, reference and end; disclosure under it only',
      '_Who judges an order_',
    ],
  ],
)}

## 4. Who was heard

_Data protection officer, learners or their representatives, date and outcome._
`;
}
