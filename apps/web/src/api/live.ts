// Cameras and their events. Asked only of servers whose document has /v1/cameras.
import {inPath, raw, rawJson} from './client'

export interface Zone {
  name: string
  polygon: [number, number][]
}
export interface Camera {
  camera: string
  name: string
  source: string
  collection: string
  enabled: boolean
  require_live: boolean
  state: 'running' | 'connecting' | 'waiting' | 'stopped'
  error: string | null
  frames_per_second: number | null
  rules: {zones?: Zone[]; minimum_face_px?: number | null; once_per_visit_s?: number | null}
}
export interface LiveEvent {
  event: string | number
  time: string
  camera: string
  collection: string
  kind: 'known' | 'unknown' | 'lost'
  subject: string | null
  similarity: number | null
  threshold: number | null
  track: number | null
  zone: string | null
  box: number[] | null
  live: number | null
  live_decision: 'live' | 'spoof' | 'unknown' | null
  live_reason: string | null
}

export const cameras = async (): Promise<Camera[]> => (await rawJson<{cameras: Camera[]}>('/v1/cameras')).cameras
export const makeCamera = (body: object): Promise<Camera> => rawJson('/v1/cameras', 'POST', body)
export const changeCamera = (camera: string, body: object): Promise<Camera> => rawJson(`/v1/cameras/${inPath(camera)}`, 'PATCH', body)
export const removeCamera = (camera: string): Promise<unknown> => raw(`/v1/cameras/${inPath(camera)}`, {method: 'DELETE'})
export const events = (query: URLSearchParams): Promise<{events: LiveEvent[]; next: string | null}> => rawJson(`/v1/events?${query}`)

/**
 * Events as they happen, until the signal. EventSource sends no headers, so the stream is read here; where it breaks it
 * is asked for again from the last one.
 */
export async function followEvents(take: (event: LiveEvent) => void, stop: AbortSignal): Promise<void> {
  let last = ''
  while (!stop.aborted) {
    try {
      const answer = await raw('/v1/events/stream', {signal: stop, headers: last ? {'Last-Event-ID': last} : {}})
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      for (;;) {
        const piece = await reader?.read()
        if (!piece || piece.done) break
        text += piece.value.replaceAll('\r\n', '\n')
        for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
          const fields = text.slice(0, at).split('\n')
          text = text.slice(at + 2)
          last = fields.find((field) => field.startsWith('id:'))?.slice(3).trim() ?? last
          const data = fields.filter((field) => field.startsWith('data:')).map((field) => field.slice(5)).join('\n')
          if (data) take(JSON.parse(data) as LiveEvent)
        }
      }
    } catch {
      // Asked again below, unless the page has gone.
    }
    if (!stop.aborted) await new Promise((resolve) => setTimeout(resolve, 2000))
  }
}

/** The camera's pictures one after the other; each replaces the one before. */
export async function followPictures(camera: string, show: (url: string) => void, stop: AbortSignal): Promise<void> {
  let shown = ''
  while (!stop.aborted) {
    try {
      const bytes = await (await raw(`/v1/cameras/${inPath(camera)}/picture`, {signal: stop})).blob()
      const url = URL.createObjectURL(bytes)
      show(url)
      if (shown) URL.revokeObjectURL(shown)
      shown = url
    } catch {
      // No picture yet, or the camera is away: asked again.
    }
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? 2000 : 250))
  }
  if (shown) URL.revokeObjectURL(shown)
}
