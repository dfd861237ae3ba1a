// A QR code (ISO/IEC 18004) of a text in byte mode with error correction L, versions 1 to 15 and mask 0: enough for an
// `otpauth` address, which an authenticator app scans. No other page needs one, so that no library is fetched for it.

const VERSION_MAX = 15;
const ECC_LENGTH = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22];
const ECC_BLOCKS = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6];
/** Error correction L with mask 0, with its own error correction. */
const FORMAT = 0b111011111000100;

const at = (list: readonly number[], index: number): number => list[index] ?? 0;

/** Rows of modules, true where dark; null where the text is too long. */
export function qr(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= VERSION_MAX; version++) {
    const countBits = version < 10 ? 8 : 16;
    const capacity = rawCodewords(version) - at(ECC_LENGTH, version) * at(ECC_BLOCKS, version);
    if (4 + countBits + bytes.length * 8 <= capacity * 8) return drawn(version, corrected(version, encoded(bytes, countBits, capacity)));
  }
  return null;
}

function rawCodewords(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const count = Math.floor(version / 7) + 2;
    modules -= (25 * count - 10) * count - 55;
    if (version >= 7) modules -= 36;
  }
  return modules >> 3;
}

function encoded(bytes: Uint8Array, countBits: number, capacity: number): number[] {
  const bits = [bitsOf(0b0100, 4), bitsOf(bytes.length, countBits), ...[...bytes].map((byte) => bitsOf(byte, 8))].join("");
  const ended = bits + "0".repeat(Math.min(4, capacity * 8 - bits.length));
  const words = (ended.match(/.{1,8}/g) ?? []).map((word) => Number.parseInt(word.padEnd(8, "0"), 2));
  for (let pad = 0xec; words.length < capacity; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

const bitsOf = (value: number, length: number) => value.toString(2).padStart(length, "0");

/** Multiplies in GF(2^8) with the polynomial 0x11D. */
function times(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product;
}

function divisorOf(degree: number): number[] {
  const divisor = [...Array(degree - 1).fill(0), 1];
  for (let power = 0, root = 1; power < degree; power++, root = times(root, 2)) {
    for (let index = 0; index < degree; index++) divisor[index] = times(at(divisor, index), root) ^ at(divisor, index + 1);
  }
  return divisor;
}

function remainderOf(data: number[], divisor: number[]): number[] {
  const rest = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (const [index, coefficient] of divisor.entries()) rest[index] = at(rest, index) ^ times(coefficient, factor);
  }
  return rest;
}

/** With error correction, block by block and interleaved. */
function corrected(version: number, data: number[]): number[] {
  const [length, count, raw] = [at(ECC_LENGTH, version), at(ECC_BLOCKS, version), rawCodewords(version)];
  const divisor = divisorOf(length);
  const shortBlocks = count - (raw % count);
  const shortLength = Math.floor(raw / count) - length;
  const blocks: number[][] = [];
  for (let index = 0, from = 0; index < count; index++) {
    const to = from + shortLength + (index < shortBlocks ? 0 : 1);
    blocks.push(data.slice(from, to));
    from = to;
  }
  const checks = blocks.map((block) => remainderOf(block, divisor));
  const inTurns = (lists: number[][], most: number) => Array.from({ length: most }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
  return [...inTurns(blocks, shortLength + 1), ...inTurns(checks, length)];
}

function drawn(version: number, words: number[]): boolean[][] {
  const size = version * 4 + 17;
  const modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const set = (x: number, y: number, dark: boolean) => {
    const [row, taken] = [modules[y], fixed[y]];
    if (!row || !taken || x < 0 || x >= size) return;
    [row[x], taken[x]] = [dark, true];
  };
  const square = (x: number, y: number, reach: number, isLight: (distance: number) => boolean) => {
    for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) set(x + dx, y + dy, !isLight(Math.max(Math.abs(dx), Math.abs(dy))));
  };
  for (let index = 0; index < size; index++) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) square(x, y, 4, (distance) => distance === 2 || distance === 4);
  const places = alignments(version);
  const last = places.length - 1;
  for (const [i, x] of places.entries()) {
    for (const [j, y] of places.entries()) {
      const isFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!isFinder) square(x, y, 2, (distance) => distance === 1);
    }
  }
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((FORMAT >>> bit) & 1) === 1;
    set(8, bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, dark);
    set(bit < 8 ? size - 1 - bit : bit < 9 ? 7 : 14 - bit, 8, dark);
  }
  set(8, size - 8, true);
  if (version >= 7) {
    let rest = version;
    for (let step = 0; step < 12; step++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let bit = 0; bit < 18; bit++) {
      const [far, near, dark] = [size - 11 + (bit % 3), Math.floor(bit / 3), ((bits >>> bit) & 1) === 1];
      set(far, near, dark);
      set(near, far, dark);
    }
  }
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = modules[y];
        if (!row || fixed[y]?.[x]) continue;
        const dark = ((at(words, bit >>> 3) >>> (7 - (bit & 7))) & 1) === 1;
        bit++;
        row[x] = dark !== ((x + y) % 2 === 0);
      }
    }
  }
  return modules;
}

function alignments(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const size = version * 4 + 17;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => size - 7 - index * step).reverse()];
}
