/** Numbers as decimal digits. */
import type { Grid, Numbers } from '../schema/index.ts';
import { distance } from './distribution.ts';
import type { Output, Write } from './output.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Decimal places that are written by division; more are left to the engine. */
const MAX_DIGITS = 9;

export function writeNumbers({ grids, isEvery, at }: Numbers): Write {
  const writers = grids.map((grid) => {
    const isPlain = isEvery && grid.step === 1n && grid.digits <= MAX_DIGITS;
    return isPlain ? plain(grid) : (out: Output): void => printed(out, at(grid, indexOf(grid, out)));
  });
  const [only] = writers as [Write];
  if (writers.length === 1) return only;
  return (out) => (writers[out.below(writers.length)] as Write)(out);
}

function indexOf({ first, last, origin }: Grid, out: Output): number {
  const up = last - origin;
  const down = origin - first;
  const isDown = down > 0 && (up === 0 || out.bits() < 0);
  return isDown ? origin - distance(out, down, 10) : origin + distance(out, up, 10);
}

function plain(grid: Grid): Write {
  const scale = 10 ** grid.digits;
  return (out) => {
    const index = indexOf(grid, out);
    const size = Math.abs(index);
    if (size > Number.MAX_SAFE_INTEGER) return printed(out, grid.at(index));
    if (index < 0) out.bytes[out.at++] = MINUS;
    if (grid.digits === 0) return integer(out, size);
    const whole = Math.floor(size / scale);
    integer(out, whole);
    let part = size - whole * scale;
    if (part === 0) return;
    let places = grid.digits;
    while (part % 10 === 0) {
      part /= 10;
      places -= 1;
    }
    out.bytes[out.at] = POINT;
    for (let place = places; place > 0; place -= 1) {
      const rest = Math.floor(part / 10);
      out.bytes[out.at + place] = ZERO + part - rest * 10;
      part = rest;
    }
    out.at += places + 1;
  };
}

function integer(out: Output, value: number): void {
  if (value >= 1e9) return printed(out, value);
  const { bytes } = out;
  let length = 1;
  for (let bound = 10; value >= bound; bound *= 10) length += 1;
  let rest = value | 0;
  for (let at = out.at + length - 1; at >= out.at; at -= 1) {
    const before = (rest / 10) | 0;
    bytes[at] = ZERO + rest - before * 10;
    rest = before;
  }
  out.at += length;
}

function printed(out: Output, value: number): void {
  const text = String(value);
  for (let i = 0; i < text.length; i += 1) out.bytes[out.at + i] = text.charCodeAt(i);
  out.at += text.length;
}
