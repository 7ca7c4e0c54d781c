/** Business time: deadlines, due dates, validity. Leases, credentials and signatures keep real time (`Date`/SQL clock). */
export interface Clock {
  now(): Date;
}
