/** Whether some subject meets both filters, each of tokens and `*`. */
export function subjectsOverlap(a: string, b: string): boolean {
  const [left, right] = [a.split('.'), b.split('.')];
  if (left.length !== right.length) return false;
  return left.every((token, at) => token === '*' || right[at] === '*' || token === right[at]);
}
