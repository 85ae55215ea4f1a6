// Reads what was recorded of a video: the Timeline as JSON Lines (docs/timeline-format.md), or the rows of `vultus identify
// VIDEO --json` and `vultus track --json` (docs/video.md).

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
  type?: string
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
  // Rows of the command line: of a face in a frame, or of a track.
  file?: string
  time?: number
  subject?: string | null
  from?: number
  to?: number
  best?: {time: number; box: number[]}
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
  const name = (track: number, subject: string): void => {
    const told = names.get(track) ?? new Map<string, number>()
    told.set(subject, (told.get(subject) ?? 0) + 1)
    names.set(track, told)
  }
  /** A row of the command line; of several videos the first one counts. */
  const takeRow = (line: Line): void => {
    first ??= line.file
    if (line.file !== first) return
    timeline.path = line.file ?? ''
    const track = Number(line.track)
    const lane = lanes.get(track) ?? {track, name: '', seen: [], begin: 0, end: 0}
    lanes.set(track, lane)
    if (line.time !== undefined && line.box) lane.seen.push({at: line.time, box: line.box})
    if (line.best && line.from !== undefined && line.to !== undefined)
      for (const at of [line.from, line.best.time, line.to]) lane.seen.push({at, box: at === line.best.time ? line.best.box : []})
    if (typeof line.subject === 'string') name(track, line.subject)
  }
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
      name(Number(line.track), line.value)
    } else if (line.type === undefined && line.file !== undefined && line.track !== undefined) {
      takeRow(line)
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
  for (const one of lane.seen)
    if (one.box.length === 4 && (!best || Math.abs(one.at - at) < Math.abs(best.at - at))) best = one
  return best && Math.abs(best.at - at) <= 1 / 3 ? best.box : undefined
}
