/** The least share of events at or below this probability is unlikely: one-sided 95 % bounds of Clopper and Pearson. */
const unlikely = 0.05;

/** Probability of at most `most` events in `n` independent trials of probability `p`, 0 < p < 1. */
export function atMost(most: number, n: number, p: number): number {
  if (most >= n) return 1;
  if (most < 0) return 0;
  const odds = Math.log(p) - Math.log1p(-p);
  let term = n * Math.log1p(-p);
  let largest = term;
  let sum = 1;
  for (let k = 1; k <= most; k++) {
    term += Math.log(n - k + 1) - Math.log(k) + odds;
    if (term <= largest) sum += Math.exp(term - largest);
    else {
      sum = sum * Math.exp(largest - term) + 1;
      largest = term;
    }
  }
  return Math.min(1, sum * Math.exp(largest));
}

/** Whether `k` events in `n` trials show that the rate is at most `rate`. */
export const isAtMost = (rate: number, k: number, n: number): boolean => atMost(k, n, rate) <= unlikely;

/** Whether `k` events in `n` trials show that the rate is above `rate`. */
export const isAbove = (rate: number, k: number, n: number): boolean => 1 - atMost(k - 1, n, rate) < unlikely;

/** The rate is at most this, with a confidence of 95 %, after `k` events in `n` trials. */
export function upperBound(k: number, n: number): number {
  return turningPoint((rate) => isAtMost(rate, k, n));
}

/** The rate is at least this, with a confidence of 95 %. */
export function lowerBound(k: number, n: number): number {
  return k === 0 ? 0 : turningPoint((rate) => !isAbove(rate, k, n));
}

/** Least number of trials in which `k` events show that the rate is at most `rate`. */
export function trialsNeeded(rate: number, k: number): number {
  let enough = k + 1;
  while (!isAtMost(rate, k, enough)) enough *= 2;
  let few = Math.floor(enough / 2);
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (isAtMost(rate, k, middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

/** The rate from which on a condition holds. */
function turningPoint(holds: (rate: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
