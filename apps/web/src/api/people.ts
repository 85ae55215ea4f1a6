import {everyPage, GET, must, type Schema} from './client'

export function allPeople(collection: string): Promise<Schema['ListedSubject'][]> {
  return everyPage(async (cursor) => {
    const page = await must(GET('/v1/collections/{collection}/subjects', {params: {path: {collection}, query: {limit: 1000, cursor}}}))
    return {items: page.subjects, next: page.next}
  })
}
