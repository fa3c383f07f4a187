import { sizeOf, type ZoneBlock } from './zone-block.ts'

/** Zones begin on cache lines. */
const unit = 64
const placeBits = 14
const segmentUnits = 2 ** placeBits
const segmentBytes = segmentUnits * unit

interface Segment {
  readonly bytes: Buffer
  /** Where the next zone goes. */
  end: number
  /** Bytes of the zones that are still kept. */
  live: number
}

/**
 * Keeps zones one behind the other in large pieces of memory: so a zone costs the garbage collector nothing, and is one number to
 * remember. Zones are added at the end only and nothing is overwritten, so that a reader may hold one while it is replaced. What gives
 * memory back: the owner moves what is left in a `sparse` segment to the end and drops it, and it goes with its last reader.
 */
export class ZoneStore {
  readonly #segments: (Segment | undefined)[] = []
  readonly #spare: number[] = []
  #current = -1

  /** Takes a copy, and tells its place: a number of 32 bits, larger than 1. */
  add(zone: ZoneBlock): number {
    const size = sizeOf(zone)
    const room = padded(size)
    const number = this.#segmentFor(room)
    const segment = this.#segment(number)
    const start = segment.end
    zone.bytes.copy(segment.bytes, start, zone.start, zone.start + size)
    segment.end += room
    segment.live += room
    return (number + 1) * segmentUnits + start / unit
  }

  at(place: number): ZoneBlock {
    const { bytes } = this.#segment((place >>> placeBits) - 1)
    return { bytes, start: (place & (segmentUnits - 1)) * unit }
  }

  remove(place: number): void {
    this.#segment((place >>> placeBits) - 1).live -= padded(sizeOf(this.at(place)))
  }

  /** The number of a segment less than half of which is still kept, where there is one. */
  sparse(): number | undefined {
    const number = this.#segments.findIndex(
      (segment, index) => segment !== undefined && index !== this.#current && 2 * segment.live < segment.bytes.length,
    )
    return number === -1 ? undefined : number
  }

  /** The places of all zones of a segment, kept or removed. */
  *placesIn(number: number): Generator<number> {
    const { bytes, end } = this.#segment(number)
    for (let start = 0; start < end; start += padded(sizeOf({ bytes, start }))) {
      yield (number + 1) * segmentUnits + start / unit
    }
  }

  drop(number: number): void {
    this.#segments[number] = undefined
    this.#spare.push(number)
  }

  #segment(number: number): Segment {
    const segment = this.#segments[number]
    if (segment === undefined) throw new RangeError(`there is no segment ${number}`)
    return segment
  }

  /** The number of a segment with so much room at its end. Large zones get segments of their own, which waste nothing. */
  #segmentFor(room: number): number {
    if (4 * room > segmentBytes) return this.#open(room)
    const current = this.#segments[this.#current]
    if (current === undefined || current.end + room > segmentBytes) this.#current = this.#open(segmentBytes)
    return this.#current
  }

  #open(length: number): number {
    const number = this.#spare.pop() ?? this.#segments.length
    this.#segments[number] = { bytes: Buffer.allocUnsafeSlow(length), end: 0, live: 0 }
    return number
  }
}

function padded(size: number): number {
  return Math.ceil(size / unit) * unit
}
