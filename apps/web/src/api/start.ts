// What the page asks first.
import {session} from '../session'
import {everyPage, GET, must} from './client'

export async function loadCollections(): Promise<void> {
  const all = await everyPage(async (cursor) => {
    const page = await must(GET('/v1/collections', {params: {query: {limit: 1000, cursor}}}))
    return {items: page.collections, next: page.next}
  })
  session.collections = all.map((one) => one.collection)
  if (!session.collections.includes(session.collection)) session.collection = session.collections[0] ?? ''
}

/** Who the key is; throws the refusal where it is none. */
export async function enter(): Promise<void> {
  session.caller = await must(GET('/v1/whoami'))
  await loadCollections()
  const document = await must(GET('/v1/openapi.json'))
  session.live = '/v1/cameras' in ((document as unknown as {paths: object}).paths ?? {})
}
