/** Sum of digits by weights; the shorter of the two settles how many. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index] ?? 0), 0);
}

/** ISO/IEC 7812-1, annex B: modulus 10, every second digit from the right doubled. */
export function luhnHolds(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled - (doubled > 9 ? 9 : 0);
  }
  return sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 11,10. */
export function mod1110Holds(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) product = (((product + Number(digit)) % 10 || 10) * 2) % 11;
  return (product + Number(digits.at(-1))) % 10 === 1;
}

/** One step of the permutation that Verhoeff's scheme applies to digits by their place. */
const STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;

/** Product in the dihedral group of order 10: 0–4 turn, 5–9 turn and mirror. */
function inDihedralGroup(a: number, b: number): number {
  const turned = a < 5 ? (a + b) % 5 : (a - b + 10) % 5;
  return a < 5 === b < 5 ? turned : turned + 5;
}

/** Verhoeff's scheme (1969), which Aadhaar numbers end with. */
export function verhoeffHolds(digits: string): boolean {
  let product = 0;
  for (let place = 0; place < digits.length; place++) {
    let digit = Number(digits[digits.length - 1 - place]);
    for (let times = 0; times < place % 8; times++) digit = STEP[digit] ?? 0;
    product = inDihedralGroup(product, digit);
  }
  return product === 0;
}

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether a day may exist in some year: numbers with two digits for the year leave the century open. */
export const isDay = (month: number, day: number): boolean =>
  day >= 1 && day <= (LONGEST_MONTHS[month - 1] ?? 0);

/** Number that a run of digits says. */
export const numberAt = (digits: string, from: number, to: number): number => Number(digits.slice(from, to));
