const grammar = new RegExp(
  String.raw`^\s*(\d{1,2})(?:\s+(\d{1,2})(?:\s+(\d{1,2}(?:\.\d{1,3})?))?)?\s+([NS])` +
    String.raw`\s+(\d{1,3})(?:\s+(\d{1,2})(?:\s+(\d{1,2}(?:\.\d{1,3})?))?)?\s+([EW])` +
    String.raw`\s+(-?\d{1,8}(?:\.\d{1,2})?)m?(?:\s+(\d{1,8}(?:\.\d{1,2})?)m?)?` +
    String.raw`(?:\s+(\d{1,8}(?:\.\d{1,2})?)m?)?(?:\s+(\d{1,8}(?:\.\d{1,2})?)m?)?\s*$`,
  'i',
)

/** LOC data in wire form (RFC 1876 §2): version 0, size and precisions as one digit and exponent, angles in 1/1000 arc second. */
export function encodeLoc(data: string): Buffer {
  const parts = grammar.exec(data)
  if (parts === null) throw new Error('not a location')
  const [, latD = '', latM, latS, ns, lonD = '', lonM, lonS, ew, altitude, size, horizontal, vertical] = parts
  const bytes = Buffer.alloc(16)
  bytes[1] = precision(size ?? '1')
  bytes[2] = precision(horizontal ?? '10000')
  bytes[3] = precision(vertical ?? '10')
  bytes.writeUInt32BE(2 ** 31 + angle(latD, latM, latS, 90) * (ns?.toUpperCase() === 'N' ? 1 : -1), 4)
  bytes.writeUInt32BE(2 ** 31 + angle(lonD, lonM, lonS, 180) * (ew?.toUpperCase() === 'E' ? 1 : -1), 8)
  // Altitude counts centimetres from 100 km below the reference ellipsoid.
  bytes.writeUInt32BE(10_000_000 + Math.round(Number(altitude) * 100), 12)
  return bytes
}

/** Thousandths of an arc second. */
function angle(degrees: string, minutes = '0', seconds = '0', limit: number): number {
  const total = Number(degrees) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000)
  if (Number(minutes) > 59 || Number(seconds) >= 60 || total > limit * 3_600_000) throw new Error('angle out of range')
  return total
}

/** Metres as centimetres in the form digit × 10^exponent, in one byte. */
function precision(metres: string): number {
  let digit = Math.round(Number(metres) * 100)
  let exponent = 0
  while (digit > 9) {
    digit = Math.floor(digit / 10)
    exponent++
  }
  if (exponent > 9) throw new Error('size or precision above 90000 km')
  return digit * 16 + exponent
}
