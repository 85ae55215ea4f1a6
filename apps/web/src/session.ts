// Who is signed in, and what is looked at. The key is in this tab alone, unless the person asked to stay signed in.
import {computed, reactive, watch} from 'vue'
import type {components} from './api/schema'

export type Key = components['schemas']['Key']
export type Scope = components['schemas']['Scope']

const kKey = 'vultus.key'
const order: Scope[] = ['read', 'identify', 'enrol', 'admin']

export const session = reactive({
  key: sessionStorage.getItem(kKey) ?? localStorage.getItem(kKey) ?? '',
  caller: null as Key | null,
  collections: [] as string[],
  collection: sessionStorage.getItem('vultus.collection') ?? '',
  /** Whether the server's document knows cameras. */
  live: false
})
watch(() => session.collection, (name) => sessionStorage.setItem('vultus.collection', name))

export function keepKey(key: string, onThisDevice: boolean): void {
  session.key = key
  sessionStorage.setItem(kKey, key)
  if (onThisDevice) localStorage.setItem(kKey, key)
  else localStorage.removeItem(kKey)
}
export function forgetKey(): void {
  session.key = ''
  session.caller = null
  session.collections = []
  session.collection = ''
  sessionStorage.removeItem(kKey)
  sessionStorage.removeItem('vultus.collection')
  localStorage.removeItem(kKey)
}
export const may = (scope: Scope): boolean => !!session.caller && order.indexOf(session.caller.scope) >= order.indexOf(scope)
export const governs = computed(() => may('admin') && session.caller?.collections === null)
