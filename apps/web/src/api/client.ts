// Calls of /v1. What is asked and answered has the types of the server's own document (schema.ts).
import createClient, {type FetchResponse, type MaybeOptionalInit} from 'openapi-fetch'
import {t} from '../i18n'
import {forgetKey, session} from '../session'
import type {components, paths} from './schema'

export type Schema = components['schemas']

/** A refusal of the server, or of the network. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, title: string, readonly detail: string) {
    super(detail ? `${title}: ${detail}` : title)
  }
}

const client = createClient<paths>({baseUrl: window.location.origin})
client.use({
  onRequest({request}) {
    for (const [name, value] of Object.entries(keyHeader())) request.headers.set(name, value)
    if (request.method !== 'GET') request.headers.set('Idempotency-Key', crypto.randomUUID ? crypto.randomUUID() : randomId())
    return request
  }
})
export const {GET, POST, PATCH, DELETE} = client
export type {FetchResponse, MaybeOptionalInit}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
export function keyHeader(): Record<string, string> {
  return session.key ? {'X-Api-Key': session.key} : {}
}

function refusalOf(status: number, problem: unknown): Refusal {
  const told = (problem ?? {}) as Partial<Schema['Problem']>
  if (status === 401 && session.caller) forgetKey()
  return new Refusal(status, told.code ?? 'unknown', told.title ?? t('error.answer', {status}), told.detail ?? '')
}

/** The answer of a call, or its refusal thrown. */
export async function must<T>(call: Promise<{data?: T; error?: unknown; response: Response}>): Promise<T> {
  let answered
  try {
    answered = await call
  } catch {
    throw new Refusal(0, 'network', t('error.network'), '')
  }
  if (answered.error !== undefined || !answered.response.ok) throw refusalOf(answered.response.status, answered.error)
  return answered.data as T
}

/** A call that the document does not describe by type: forms, pictures, and routes of a newer server. */
export async function raw(path: string, init: RequestInit = {}): Promise<Response> {
  let response
  try {
    response = await fetch(path, {...init, headers: {...keyHeader(), ...init.headers}})
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Refusal(0, 'network', t('error.network'), '')
  }
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => null))
  return response
}
export async function rawJson<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const init: RequestInit = {method}
  if (body !== undefined) Object.assign(init, {body: JSON.stringify(body), headers: {'Content-Type': 'application/json'}})
  return (await raw(path, init)).json() as Promise<T>
}

/** Sends pictures and fields as a form. */
export function sendForm<T>(path: string, fields: Record<string, string | Blob>, purpose = ''): Promise<T> {
  return sendForms(path, Object.entries(fields), purpose)
}
/** The same with several fields of one name. */
export async function sendForms<T>(path: string, fields: [string, string | Blob][], purpose = ''): Promise<T> {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  const response = await raw(path, {method: 'POST', body: form, headers: purpose ? {'X-Purpose': purpose} : {}})
  return response.json() as Promise<T>
}

/** Asks again, a few times, where the server was busy or the network failed: for what is shown beside something else. */
export async function patiently<T>(ask: () => Promise<T>, tries = 4): Promise<T> {
  for (let wait = 400; ; wait *= 2) {
    try {
      return await ask()
    } catch (error) {
      const passing = error instanceof Refusal && [0, 429, 503].includes(error.status)
      if (!passing || --tries <= 0) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}

/** All pages of a list. */
export async function everyPage<T>(page: (cursor?: string) => Promise<{items: T[]; next: string | null}>, most = 10_000): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const {items, next} = await page(cursor)
    all.push(...items)
    cursor = next ?? undefined
  } while (cursor && all.length < most)
  return all
}
export const inPath = (text: string | number): string => encodeURIComponent(String(text))
