// Reads the Timeline as JSON Lines, as `vultus track` writes it (docs/timeline-format.md).

export interface Seen {
  at: number
  box: number[]
}
export interface Lane {
  track: number
  name: string
  seen: Seen[]
  begin: number
  end: number
}
export interface Timeline {
  width: number
  height: number
  path: string
  lanes: Lane[]
  end: number
}
interface Clock {
  numerator: number
  denominator: number
  offset: number
  drift_ppm: number
}
interface Line {
  type: string
  id?: number | string
  path?: string
  width?: number
  height?: number
  clock?: Clock
  source?: number
  track?: number
  ticks?: number
  box?: number[]
  channel?: string
  value?: number | string | null
}

const secondsOf = (ticks: number, clock: Clock): number =>
  ((ticks * clock.denominator) / clock.numerator) * (1 + clock.drift_ppm * 1e-6) + clock.offset

/** @throw Error naming the line that is none */
export function readTimeline(text: string): Timeline {
  let clock: Clock = {numerator: 1, denominator: 1, offset: 0, drift_ppm: 0}
  const timeline: Timeline = {width: 0, height: 0, path: '', lanes: [], end: 0}
  const lanes = new Map<number, Lane>()
  const names = new Map<number, Map<string, number>>()
  let first: number | string | undefined
  text.split(/\r?\n/).forEach((raw, i) => {
    if (!raw.trim()) return
    let line: Line
    try {
      line = JSON.parse(raw) as Line
    } catch {
      throw new Error(`${i + 1}`)
    }
    if (line.type === 'source' && first === undefined) {
      first = line.id
      Object.assign(timeline, {width: line.width ?? 0, height: line.height ?? 0, path: line.path ?? ''})
      if (line.clock) clock = line.clock
    } else if (line.type === 'track' && line.source === first) {
      lanes.set(Number(line.id), {track: Number(line.id), name: '', seen: [], begin: 0, end: 0})
    } else if (line.type === 'observation' && line.box && line.ticks !== undefined) {
      lanes.get(Number(line.track))?.seen.push({at: secondsOf(line.ticks, clock), box: line.box})
    } else if (line.type === 'reading' && line.channel === 'identity.subject' && typeof line.value === 'string') {
      const told = names.get(Number(line.track)) ?? new Map<string, number>()
      told.set(line.value, (told.get(line.value) ?? 0) + 1)
      names.set(Number(line.track), told)
    }
  })
  if (first === undefined) throw new Error('1')
  for (const lane of lanes.values()) {
    if (lane.seen.length === 0) continue
    lane.seen.sort((a, b) => a.at - b.at)
    lane.begin = lane.seen[0]?.at ?? 0
    lane.end = lane.seen[lane.seen.length - 1]?.at ?? 0
    lane.name = [...(names.get(lane.track) ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
    timeline.lanes.push(lane)
    timeline.end = Math.max(timeline.end, lane.end)
  }
  return timeline
}

/** Where a face was at a moment; nothing where it was not seen within a third of a second. */
export function boxAt(lane: Lane, at: number): number[] | undefined {
  let best: Seen | undefined
  for (const one of lane.seen) if (!best || Math.abs(one.at - at) < Math.abs(best.at - at)) best = one
  return best && Math.abs(best.at - at) <= 1 / 3 ? best.box : undefined
}
