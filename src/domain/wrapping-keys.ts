import { isId } from './ids.js';

/**
 * Keys that wrap data keys. One for each day on which verifications were begun (`YYYY-MM-DD`, UTC), and one for each legal hold, under
 * the hold's id: what a hold keeps does not keep the rest of its day.
 */
const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
const DAY = 24 * 3_600_000;

export const isWrappingKeyId = (id: string): boolean => DAY_FORM.test(id) || isId('legalHold', id);

/** The period of an instant: its day. */
export const periodOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/** Every epoch is over this long after it opened, and forgotten within minutes of that: then nothing lawful hangs on its period's key. */
const PERIOD_KEY_KEPT = 30 * DAY;
/** What the sweep may take, and what comes in at the last moment of a period. */
const SLACK = DAY;

/** When the key of a period is to be destroyed. */
export const periodKeyDue = (period: string): Date =>
  new Date(Date.parse(`${period}T00:00:00Z`) + DAY + PERIOD_KEY_KEPT);

/**
 * What receipts promise: nothing that the period's key wrapped can be opened after this.
 *
 * @param destructionDelay milliseconds that the key provider takes until nobody can undo the destruction
 */
export const periodKeyGoneBy = (period: string, destructionDelay: number): Date =>
  new Date(periodKeyDue(period).getTime() + SLACK + destructionDelay);
